using System.Buffers.Binary;

namespace Trainer.Core.Imaging.Decoding;

/// <summary>Estimates the quality with which a JPEG was saved, from its quantisation table for brightness.</summary>
/// <remarks>
/// Most programs use the tables of ITU-T T.81, annex K, multiplied by a factor that the Independent JPEG Group's library derives from a
/// quality of 1 to 100. For other tables the estimate is the quality that would quantise equally coarsely on average. Below 20 the estimate
/// is slightly too high, because no entry can exceed 255.
/// </remarks>
internal static class JpegQuality
{
    private const int TableSize = 64;

    /// <summary>Table K.1. Only the sum matters here, not the order.</summary>
    private static readonly int[] Standard =
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100,
        103, 99,
    ];

    /// <summary>The quality of a file; null when it isn't a JPEG, or its table isn't found.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static int? Of(string path)
    {
        using var file = File.OpenRead(path);
        return Of(file);
    }

    /// <inheritdoc cref="Of(string)"/>
    /// <param name="file">Must support seeking.</param>
    public static int? Of(Stream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        Span<byte> four = stackalloc byte[4];
        if (!Read(file, four[..2]) || four is not [0xFF, 0xD8, ..])
        {
            return null;
        }

        while (Read(file, four) && four[0] == 0xFF)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(four[2..]) - 2;
            if (four[1] == 0xDA || length < 0) // the pixels begin, and there was no table before them
            {
                return null;
            }

            if (four[1] == 0xDB)
            {
                var segment = new byte[length];
                if (Read(file, segment) && SumOfFirstTable(segment) is { } sum)
                {
                    return FromScale(100.0 * sum / Standard.Sum());
                }
            }
            else
            {
                file.Seek(length, SeekOrigin.Current);
            }
        }

        return null;
    }

    /// <summary>The inverse of the library's formula (jcparam.c, jpeg_quality_scaling).</summary>
    private static int FromScale(double scale) => (int)Math.Clamp(Math.Round(scale <= 100 ? (200 - scale) / 2 : 5000 / scale), 1, 100);

    /// <summary>The sum of table 0, which is for brightness; null when it isn't in this segment.</summary>
    private static int? SumOfFirstTable(ReadOnlySpan<byte> segment)
    {
        while (!segment.IsEmpty)
        {
            var (wide, id) = (segment[0] >> 4 != 0, segment[0] & 15);
            var bytes = wide ? 2 * TableSize : TableSize;
            if (segment.Length <= bytes)
            {
                return null;
            }

            var table = segment.Slice(1, bytes);
            if (id == 0)
            {
                var sum = 0;
                for (var i = 0; i < TableSize; i++)
                {
                    sum += wide ? BinaryPrimitives.ReadUInt16BigEndian(table[(2 * i)..]) : table[i];
                }

                return sum;
            }

            segment = segment[(1 + bytes)..];
        }

        return null;
    }

    private static bool Read(Stream file, Span<byte> buffer) =>
        file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) == buffer.Length;
}
