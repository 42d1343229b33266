using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Trainer.Core.Imaging;

/// <summary>Antialiased bilinear resizing: a triangle filter as wide as the shrink, one axis after the other.</summary>
/// <remarks>
/// The same sums as Pillow's BILINEAR and ONNX's Resize (linear, antialias = 1), which is why it is ours: the exported graph
/// must see what training saw. Pillow rounds between the axes as well, so the two differ by one step at most. Down first, since
/// whole rows add up in the widest vectors; products and sums are rounded one by one, so every machine gives the same bytes.
/// </remarks>
public static class Resampler
{
    private const int Channels = 3;

    /// <summary>Resizes a box of the image; what lies outside the box is never read.</summary>
    /// <param name="box">Inside the image.</param>
    /// <param name="width">Of the result, in pixels, at least 1.</param>
    /// <param name="height">Of the result, in pixels, at least 1.</param>
    /// <param name="filter">All but the first are what other programs do, for pictures that shall look as if one of them had resized them.</param>
    /// <returns>width · height · 3 bytes, RGB.</returns>
    public static byte[] Resize(RgbImage image, CropBox box, int width, int height, ResampleFilter filter = ResampleFilter.Antialiased)
    {
        ArgumentNullException.ThrowIfNull(image);
        var columns = ResampleTaps.For(box.X, box.Width, image.Width, width, filter);
        var rows = ResampleTaps.For(box.Y, box.Height, image.Height, height, filter);
        var first = columns[0].Start;
        var boxWidth = columns[^1].Start + columns[^1].Weights.Length - first;
        var result = new byte[width * height * Channels];
        var line = new float[(boxWidth * Channels) + 1]; // the last pixel is read as four numbers, like all others
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

    /// <summary>Adds weight · row to the sums.</summary>
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
            var pixel = Vector128<float>.Zero; // R, G, B, and a number that is thrown away
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
