using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Trainer.Core.Imaging;

/// <summary>Antialiased bilinear resizing: a triangle filter that widens with the shrink factor, one axis after the other.</summary>
/// <remarks>
/// It computes the same sums as Pillow's BILINEAR and ONNX's Resize (linear, antialias = 1), because the exported graph must see what
/// training saw. Pillow also rounds between the axes, so results differ by at most one step. The vertical axis comes first, because whole
/// rows are added in the widest vectors. Products and sums are rounded separately, so every machine gives the same bytes.
/// </remarks>
public static class Resampler
{
    private const int Channels = 3;

    /// <summary>Resizes a box of the image. Pixels outside the box are never read.</summary>
    /// <param name="box">A box inside the image.</param>
    /// <param name="width">Width of the result in pixels, at least 1.</param>
    /// <param name="height">Height of the result in pixels, at least 1.</param>
    /// <param name="filter">The default is the contract's filter. The others imitate other programs.</param>
    /// <returns>width · height · 3 bytes, RGB.</returns>
    public static byte[] Resize(RgbImage image, CropBox box, int width, int height, ResampleFilter filter = ResampleFilter.Antialiased)
    {
        ArgumentNullException.ThrowIfNull(image);
        var columns = ResampleTaps.For(box.X, box.Width, image.Width, width, filter);
        var rows = ResampleTaps.For(box.Y, box.Height, image.Height, height, filter);
        var first = columns[0].Start;
        var boxWidth = columns[^1].Start + columns[^1].Weights.Length - first;
        var result = new byte[width * height * Channels];
        var line = new float[(boxWidth * Channels) + 1]; // each pixel is read as four numbers, so the last needs one more
        for (var y = 0; y < height; y++)
        {
            Array.Clear(line);
            for (var i = 0; i < rows[y].Weights.Length; i++)
            {
                var at = (((rows[y].Start + i) * image.Width) + first) * Channels;
                AddRow(image.Pixels.AsSpan(at, boxWidth * Channels), rows[y].Weights[i], line);
            }

            NarrowRow(line, first, columns, result.AsSpan(y * width * Channels, width * Channels));
        }

        return result;
    }

    /// <summary>Adds a row, multiplied by its weight, to the sums.</summary>
    private static void AddRow(ReadOnlySpan<byte> row, float weight, Span<float> sums)
    {
        var i = 0;
        for (; i <= row.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(row[i..]));
            Add(Vector256.WidenLower(low.ToVector256()), sums[i..]);
            Add(Vector256.WidenLower(high.ToVector256()), sums[(i + 8)..]);
        }

        for (; i < row.Length; i++)
        {
            sums[i] += weight * row[i];
        }

        void Add(Vector256<uint> eight, Span<float> to) =>
            (Vector256.Create<float>(to) + (Vector256.ConvertToSingle(eight.AsInt32()) * weight)).CopyTo(to);
    }

    private static void NarrowRow(ReadOnlySpan<float> line, int first, ResampleTaps[] columns, Span<byte> result)
    {
        ref var start = ref MemoryMarshal.GetReference(line);
        for (var x = 0; x < columns.Length; x++)
        {
            var pixel = Vector128<float>.Zero; // R, G, B, and an unused number
            var weights = columns[x].Weights;
            var at = (columns[x].Start - first) * Channels;
            for (var i = 0; i < weights.Length; i++, at += Channels)
            {
                pixel += Vector128.LoadUnsafe(ref start, (nuint)at) * weights[i];
            }

            var bytes = Pixel.Round(pixel);
            result[Channels * x] = (byte)bytes;
            result[(Channels * x) + 1] = (byte)(bytes >> 8);
            result[(Channels * x) + 2] = (byte)(bytes >> 16);
        }
    }
}
