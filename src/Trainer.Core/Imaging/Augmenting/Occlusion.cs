namespace Trainer.Core.Imaging.Augmenting;

/// <summary>A picture with one place after the other blurred: what a gate makes of each tells what it saw there.</summary>
/// <remarks>
/// As Zeiler and Fergus 2014, <see href="https://arxiv.org/abs/1311.2901"/>, section 4.2, cover places. It asks nothing but similarities, so it serves every
/// gate and file. Blurred, not grey: a patch of one colour is itself odd to a gate that measures distances, and all places would seem to speak for the subject.
/// The camera page does the same in web/src/occlusion.js.
/// </remarks>
internal static class Occlusion
{
    /// <summary>Places in a row, and rows.</summary>
    public const int Edge = 4;

    /// <summary>Places of a picture.</summary>
    public const int Places = Edge * Edge;

    private const int BlurShare = 16; // of the picture's edge: what is smaller than a quarter of a place is gone
    private const int BlurPasses = 2; // boxes alone would leave edges

    /// <summary>The copies, row by row from the top left, each with one place blurred.</summary>
    /// <param name="square">Bytes RGBRGB… of a square picture.</param>
    /// <param name="edge">Its edge in pixels, at least <see cref="Edge"/>.</param>
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

    /// <summary>What each place adds to the similarity: above 0 where blurring it takes some away.</summary>
    /// <param name="whole">Of the picture.</param>
    /// <param name="blurred">Of the <see cref="Views"/>.</param>
    public static float[] Evidence(float whole, IEnumerable<float> blurred) => [.. blurred.Select(similarity => whole - similarity)];

    /// <summary>The mean of the square around each pixel, twice; of what lies in the picture.</summary>
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

    /// <param name="step">From a pixel to the next one along the blur, in bytes.</param>
    /// <param name="line">From a line of such pixels to the next one, in bytes.</param>
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
