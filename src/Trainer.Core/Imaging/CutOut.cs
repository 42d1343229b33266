using System.Runtime.Intrinsics;

namespace Trainer.Core.Imaging;

/// <summary>Shows only a piece of a picture, as if it had been cut out and laid on a sheet of paper or another picture.</summary>
/// <remarks>
/// The subject turns up in settings that no training photo shows, and a network that has only seen it among its surroundings learns
/// those as well. Done to subject and negatives alike, so that the ground tells nothing. The idea is cut and paste (Dwibedi et al. 2017,
/// <see href="https://arxiv.org/abs/1708.01642"/>), without outlines of the subject: nobody has drawn them.
/// </remarks>
public static class CutOut
{
    /// <summary>Of the pieces on plain ground, how many are strips along the picture's lines, as a blade or a stem would be.</summary>
    public const double StripShare = 0.5;

    /// <summary>Replaces all but a random piece by the ground, in place.</summary>
    /// <param name="pixels">E · E · 3 bytes, RGB.</param>
    /// <param name="edge">E.</param>
    /// <param name="picture">What the piece is laid on, as large; nothing for plain ground.</param>
    /// <param name="strips">Share of the pieces on plain ground that are strips, 0 to 1.</param>
    public static void Apply(Span<byte> pixels, int edge, CounterRandom random, ReadOnlySpan<byte> picture = default, double strips = StripShare)
    {
        var isStrip = strips > 0 && picture.IsEmpty && random.NextDouble() < strips;
        var piece = isStrip ? CutOutPiece.Strip(pixels, edge, ref random) : CutOutPiece.Broad(edge, isOnPlainGround: picture.IsEmpty, ref random);
        var plain = PlainGround.Draw(edge, ref random);
        for (int y = 0, at = 0; y < edge; y++)
        {
            for (var x = 0; x < edge; x++, at += 3)
            {
                var share = piece.ShareAt(x, y);
                if (share < 1)
                {
                    var ground = picture.IsEmpty ? plain.At(x, y, ref random) : At(picture, at);
                    var bytes = Pixel.Round((At(pixels, at) * share) + (ground * (1 - share)));
                    pixels[at] = (byte)bytes;
                    pixels[at + 1] = (byte)(bytes >> 8);
                    pixels[at + 2] = (byte)(bytes >> 16);
                }
            }
        }
    }

    private static Vector128<float> At(ReadOnlySpan<byte> pixels, int at) => Vector128.Create((float)pixels[at], pixels[at + 1], pixels[at + 2], 0);
}
