using System.Numerics;

namespace Trainer.Core.Samples.Painting;

/// <summary>An upright rectangle, in pixels; y grows downwards.</summary>
internal readonly record struct Box(double X, double Y, double Width, double Height)
{
    public Vector2 Centre => new((float)(X + (Width / 2)), (float)(Y + (Height / 2)));

    public double Bottom => Y + Height;

    /// <summary>The point at the given fractions of width and height.</summary>
    public Vector2 At(double x, double y) => new((float)(X + (x * Width)), (float)(Y + (y * Height)));
}
