using System.Runtime.Intrinsics;
using Trainer.Core.Randomness;

namespace Trainer.Core.Imaging.Augmenting;

/// <summary>Shows only a strip of a picture, as if it were cut out along the picture's lines and laid on a sheet of paper.</summary>
/// <remarks>
/// A blade or a stem on a plain background shows little of the subject's usual surroundings. The idea is cut and paste (Dwibedi et al.
/// 2017,
/// <see href="https://arxiv.org/abs/1708.01642"/>), but without outlines of the subject, which the photos don't have.
/// </remarks>
internal static class CutOut
{
    /// <summary>Replaces everything except a random strip with a plain background, in place.</summary>
    /// <param name="pixels">E · E · 3 bytes, RGB.</param>
    /// <param name="edge">E.</param>
    public static void Apply(Span<byte> pixels, int edge, CounterRandom random)
    {
        var strip = CutOutPiece.Strip(pixels, edge, ref random);
        var ground = PlainGround.Draw(edge, ref random);
        for (int y = 0, at = 0; y < edge; y++)
        {
            for (var x = 0; x < edge; x++, at += 3)
            {
                var share = strip.ShareAt(x, y);
                if (share < 1)
                {
                    var bytes = Pixel.Round((At(pixels, at) * share) + (ground.At(x, y, ref random) * (1 - share)));
                    pixels[at] = (byte)bytes;
                    pixels[at + 1] = (byte)(bytes >> 8);
                    pixels[at + 2] = (byte)(bytes >> 16);
                }
            }
        }
    }

    private static Vector128<float> At(ReadOnlySpan<byte> pixels, int at) =>
        Vector128.Create((float)pixels[at], pixels[at + 1], pixels[at + 2], 0);
}
