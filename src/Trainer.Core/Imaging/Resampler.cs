namespace Trainer.Core.Imaging;

/// <summary>Antialiased bilinear resizing: a triangle filter as wide as the shrink, one axis after the other.</summary>
/// <remarks>
/// The same sums as Pillow's BILINEAR and ONNX's Resize (linear, antialias = 1), which is why it is ours: the exported graph
/// must see what training saw. Pillow rounds between the axes as well, so the two differ by one step at most.
/// </remarks>
public static class Resampler
{
    /// <summary>Resizes a box of the image; what lies outside the box is never read.</summary>
    /// <param name="box">Inside the image.</param>
    /// <param name="width">Of the result, in pixels, at least 1.</param>
    /// <param name="height">Of the result, in pixels, at least 1.</param>
    /// <returns>width · height · 3 bytes, RGB.</returns>
    public static byte[] Resize(RgbImage image, CropBox box, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(image);
        var columns = Taps.For(box.X, box.Width, image.Width, width);
        var rows = Taps.For(box.Y, box.Height, image.Height, height);
        int firstRow = rows[0].Start, lastRow = rows[^1].Start + rows[^1].Weights.Length;
        var narrowed = new float[(lastRow - firstRow) * width * 3];
        for (var y = firstRow; y < lastRow; y++)
        {
            NarrowRow(image.Pixels.AsSpan(y * image.Width * 3, image.Width * 3), columns, narrowed.AsSpan((y - firstRow) * width * 3, width * 3));
        }

        var result = new byte[width * height * 3];
        var sums = new float[width * 3];
        for (var y = 0; y < height; y++)
        {
            Array.Clear(sums);
            for (var i = 0; i < rows[y].Weights.Length; i++)
            {
                var row = narrowed.AsSpan((rows[y].Start + i - firstRow) * width * 3, width * 3);
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(row, rows[y].Weights[i], sums, sums);
            }

            Round(sums, result.AsSpan(y * width * 3, width * 3));
        }

        return result;
    }

    private static void NarrowRow(ReadOnlySpan<byte> row, Taps[] columns, Span<float> result)
    {
        for (var x = 0; x < columns.Length; x++)
        {
            float red = 0, green = 0, blue = 0;
            var pixels = row.Slice(columns[x].Start * 3, columns[x].Weights.Length * 3);
            var weights = columns[x].Weights;
            for (var i = 0; i < weights.Length; i++)
            {
                red += weights[i] * pixels[3 * i];
                green += weights[i] * pixels[(3 * i) + 1];
                blue += weights[i] * pixels[(3 * i) + 2];
            }

            result[3 * x] = red;
            result[(3 * x) + 1] = green;
            result[(3 * x) + 2] = blue;
        }
    }

    private static void Round(ReadOnlySpan<float> values, Span<byte> result)
    {
        for (var i = 0; i < values.Length; i++)
        {
            result[i] = (byte)Math.Clamp(values[i] + 0.5f, 0, 255);
        }
    }

    /// <summary>Which source pixels make one result pixel along an axis, and how much each counts; the weights sum to 1.</summary>
    private readonly record struct Taps(int Start, float[] Weights)
    {
        public static Taps[] For(double offset, double length, int sourceSize, int resultSize)
        {
            var scale = length / resultSize;
            var reach = Math.Max(scale, 1); // a triangle of half-width 1 when enlarging, of the shrink when reducing
            var low = (int)Math.Floor(offset);
            var high = Math.Min((int)Math.Ceiling(offset + length), sourceSize);
            var taps = new Taps[resultSize];
            for (var i = 0; i < resultSize; i++)
            {
                var centre = offset + ((i + 0.5) * scale);
                var start = Math.Max((int)(centre - reach + 0.5), low);
                var end = Math.Min((int)(centre + reach + 0.5), high);
                var weights = new double[Math.Max(end - start, 1)];
                for (var j = 0; j < weights.Length; j++)
                {
                    weights[j] = Math.Max(1 - (Math.Abs(start + j + 0.5 - centre) / reach), 0);
                }

                var sum = weights.Sum();
                taps[i] = new Taps(start, Array.ConvertAll(weights, w => (float)(w / sum)));
            }

            return taps;
        }
    }
}
