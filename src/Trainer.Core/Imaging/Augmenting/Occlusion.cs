namespace Trainer.Core.Imaging.Augmenting;

/// <summary>Shows which parts of a picture a gate's decision depends on, by blurring one part after the other.</summary>
/// <remarks>
/// Zeiler and Fergus 2014, <see href="https://arxiv.org/abs/1311.2901"/>, section 4.2, cover parts in this way. The method needs only
/// similarities, so it works with every gate and file. Parts are blurred instead of made grey, because a gate that measures distances finds
/// a patch of one colour unusual, and then every part would seem to be evidence for the subject. The camera page does the same in
/// web/src/occlusion.js.
/// </remarks>
internal static class Occlusion
{
    /// <summary>How many parts there are in a row and in a column.</summary>
    public const int Edge = 4;

    /// <summary>How many parts a picture has.</summary>
    public const int Places = Edge * Edge;

    private const int BlurShare = 16; // radius as a fraction of the picture's edge; removes details smaller than a quarter of a part
    private const int BlurPasses = 2; // one box filter alone would leave visible edges

    /// <summary>Copies of the picture, each with one part blurred; the parts go row by row from the top left.</summary>
    /// <param name="square">Bytes RGBRGB… of a square picture.</param>
    /// <param name="edge">The picture's edge in pixels, at least <see cref="Edge"/>.</param>
    /// <returns><see cref="Places"/> pictures of the same size, one after the other.</returns>
    public static byte[] Views(ReadOnlySpan<byte> square, int edge)
    {
        var blurred = Blurred(square, edge);
        var views = new byte[Places * square.Length];
        for (var place = 0; place < Places; place++)
        {
            var view = views.AsSpan(place * square.Length, square.Length);
            square.CopyTo(view);
            var (row, column) = Math.DivRem(place, Edge);
            var (left, right) = (column * edge / Edge * 3, (column + 1) * edge / Edge * 3);
            for (var y = row * edge / Edge; y < (row + 1) * edge / Edge; y++)
            {
                blurred.AsSpan(((y * edge * 3) + left)..((y * edge * 3) + right)).CopyTo(view[((y * edge * 3) + left)..]);
            }
        }

        return views;
    }

    /// <summary>How much each part adds to the similarity; positive if blurring the part lowers the similarity.</summary>
    /// <param name="whole">The similarity of the unchanged picture.</param>
    /// <param name="blurred">The similarities of the <see cref="Views"/>.</param>
    public static float[] Evidence(float whole, IEnumerable<float> blurred) => [.. blurred.Select(similarity => whole - similarity)];

    /// <summary>Replaces each pixel with the mean of the square around it, as far as it lies in the picture; twice.</summary>
    private static byte[] Blurred(ReadOnlySpan<byte> square, int edge)
    {
        var radius = Math.Max(edge / BlurShare, 1);
        var current = square.ToArray();
        for (var pass = 0; pass < BlurPasses; pass++)
        {
            current = BlurredAlong(BlurredAlong(current, edge, radius, 3, edge * 3), edge, radius, edge * 3, 3);
        }

        return current;
    }

    /// <param name="step">Distance from one pixel to the next along the blur, in bytes.</param>
    /// <param name="line">Distance from one line of such pixels to the next, in bytes.</param>
    private static byte[] BlurredAlong(byte[] square, int edge, int radius, int step, int line)
    {
        var result = new byte[square.Length];
        for (var i = 0; i < edge; i++)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                var start = (i * line) + channel;
                int sum = 0, count = 0;
                for (var at = -radius; at < edge; at++)
                {
                    if (at + radius < edge)
                    {
                        sum += square[start + ((at + radius) * step)];
                        count++;
                    }

                    if (at - radius - 1 >= 0)
                    {
                        sum -= square[start + ((at - radius - 1) * step)];
                        count--;
                    }

                    if (at >= 0)
                    {
                        result[start + (at * step)] = (byte)((sum + (count / 2)) / count);
                    }
                }
            }
        }

        return result;
    }
}
