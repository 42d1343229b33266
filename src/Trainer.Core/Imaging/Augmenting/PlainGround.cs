using System.Runtime.Intrinsics;
using Trainer.Core.Randomness;

namespace Trainer.Core.Imaging.Augmenting;

/// <summary>
/// A plain background: mostly light and nearly grey, like paper, tables and walls, lit from one side, with the noise of a camera.
/// </summary>
internal readonly record struct PlainGround(Vector128<float> Colour, float SlopeX, float SlopeY, float Noise)
{
    private const double Paper = 0.75;

    public static PlainGround Draw(int edge, ref CounterRandom random)
    {
        var paper = random.NextDouble() < Paper;
        double light = random.Next(140, 260), tint = paper ? 15 : 120, angle = random.Next(0, 2 * Math.PI),
            slope = random.Next(0, 40) / edge;
        light -= paper ? 0 : 100;
        return new(
            Vector128.Create((float)(light + random.Next(-tint, tint)), (float)(light + random.Next(-tint, tint)),
                (float)(light + random.Next(-tint, tint)), 0),
            (float)(slope * Math.Cos(angle)),
            (float)(slope * Math.Sin(angle)),
            (float)random.Next(0, 8));
    }

    /// <summary>The background's colour at a pixel: R, G, B.</summary>
    public Vector128<float> At(int x, int y, ref CounterRandom random) =>
        Colour + Vector128.Create((x * SlopeX) + (y * SlopeY) + ((float)random.Next(-1, 1) * Noise));
}
