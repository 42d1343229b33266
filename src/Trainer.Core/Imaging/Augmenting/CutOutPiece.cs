using Trainer.Core.Randomness;

namespace Trainer.Core.Imaging.Augmenting;

/// <summary>
/// The part of a picture that a cut-out keeps: |u|ᵖ + |v|ᵖ below 1, an ellipse (p = 2) to almost a rectangle (p = 8), rotated and bent.
/// </summary>
internal readonly record struct CutOutPiece(
    float X, float Y, float Cos, float Sin, float HalfLength, float HalfWidth, float Bend, int Doublings, float Sharpness)
{
    private const double NarrowestStrip = 0.08; // width, as a share of the edge
    private const double BroadestStrip = 0.5;
    private const double OffTheLines = 0.1; // largest deviation from the lines' direction, in radians

    /// <summary>A long strip along the lines of the picture, which mostly extends beyond its edges.</summary>
    /// <param name="pixels">The picture: E · E · 3 bytes, RGB.</param>
    public static CutOutPiece Strip(ReadOnlySpan<byte> pixels, int edge, ref CounterRandom random)
    {
        double x = random.Next(0.3, 0.7) * edge, y = random.Next(0.3, 0.7) * edge;
        var angle = Grain.At(pixels, edge, (int)x, (int)y, edge / 4) + random.Next(-OffTheLines, OffTheLines);
        var halfWidth = NarrowestStrip * Math.Exp(random.NextDouble() * Math.Log(BroadestStrip / NarrowestStrip)) * edge / 2;
        var halfLength = random.Next(0.6, 1.6) * edge;
        var along = random.Next(-0.5, 0.5) * edge; // so that one end may lie in the picture
        var doublings = random.Next(3);
        var softness = random.Next(0.5, 1.5);
        return new(
            (float)(x + (along * Math.Cos(angle))),
            (float)(y + (along * Math.Sin(angle))),
            (float)Math.Cos(angle),
            (float)Math.Sin(angle),
            (float)halfLength,
            (float)halfWidth,
            (float)random.Next(-1, 1),
            doublings,
            SharpnessOf(halfWidth, doublings, softness));
    }

    /// <summary>The share of the picture in the result at a pixel: 1 inside the strip, 0 outside, and in between at its edge.</summary>
    public float ShareAt(int x, int y)
    {
        float dx = x - X, dy = y - Y;
        var u = ((Cos * dx) + (Sin * dy)) / HalfLength;
        u *= u;
        var v = (((Cos * dy) - (Sin * dx)) / HalfWidth) + (Bend * u);
        v *= v;
        for (var i = 0; i < Doublings; i++)
        {
            u *= u;
            v *= v;
        }

        return Math.Clamp(0.5f + ((1 - u - v) * Sharpness), 0, 1);
    }

    private static float SharpnessOf(double halfWidth, int doublings, double softness) =>
        (float)(halfWidth / ((2 << doublings) * softness));
}
