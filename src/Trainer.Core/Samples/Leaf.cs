using System.Numerics;
using Trainer.Core.Samples.Painting;

namespace Trainer.Core.Samples;

/// <summary>The position, direction, size and colour of a leaf.</summary>
/// <param name="Root">The point where its stalk or sheath leaves the plant.</param>
/// <param name="Angle">Radians clockwise from the right; −π/2 is up.</param>
/// <param name="Length">From root to tip, in pixels.</param>
/// <param name="Colour">Its colour in full light.</param>
internal readonly record struct Leaf(Vector2 Root, double Angle, double Length, Colour Colour)
{
    /// <summary>True when the leaf is so far away, or so blurred, that veins and spots don't show.</summary>
    public bool Far { get; init; } = Length < 70;

    /// <summary>The unit vector at an angle.</summary>
    public static Vector2 Direction(double angle) => new((float)Math.Cos(angle), (float)Math.Sin(angle));
}

/// <summary>A kind of leaf.</summary>
/// <param name="Draw">Draws one leaf.</param>
/// <param name="Crowd">How many leaves of this kind grow in the space of one broad leaf.</param>
internal sealed record LeafSort(Action<Svg, Dice, Leaf> Draw, double Crowd);
