using System.Buffers.Binary;

namespace Trainer.Core.Imaging.Decoding.Formats;

/// <summary>Unpacks run-length encoded bitmaps, RLE8 and RLE4.</summary>
/// <remarks>
/// ImageSharp 2.1 can do this too, but lets pixels beyond the end of a row continue in the next row, and ImageMagick encodes rows including
/// their padding. The format: <see href="https://learn.microsoft.com/windows/win32/gdi/bitmap-compression"/>.
/// </remarks>
internal sealed class BmpRuns
{
    private const int EndOfRow = 0, EndOfBitmap = 1, Move = 2;

    private readonly ByteReader packed;
    private readonly BmpHeader header;
    private readonly byte[] bitmap;
    private readonly int first, stride;
    private int x, y;

    private BmpRuns(Stream file, BmpHeader header)
    {
        var colours = header.Colours == 0 ? 1 << header.Bits : header.Colours;
        this.header = header;
        first = header.Length + (4 * colours);
        stride = (header.Width + 3) / 4 * 4;
        bitmap = new byte[first + (stride * header.Height)];
        file.Position = 0;
        file.ReadExactly(bitmap.AsSpan(0, first));
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(BmpHeader.FirstAt), first);
        BinaryPrimitives.WriteInt16LittleEndian(bitmap.AsSpan(BmpHeader.BitsAt), 8);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(BmpHeader.PackingAt), (int)BmpPacking.None);
        BinaryPrimitives.WriteInt32LittleEndian(bitmap.AsSpan(BmpHeader.ColoursAt), colours);
        file.Position = header.First;
        packed = new ByteReader(file);
    }

    private bool IsComplete => y >= header.Height || (y == header.Height - 1 && x >= header.Width);

    /// <summary>The same bitmap with one byte per pixel. Pixels that no run sets have the first colour.</summary>
    /// <param name="header">The file's header, whose <see cref="BmpHeader.IsRuns"/> is true.</param>
    /// <exception cref="UndecodableImageException">The file ends within the runs.</exception>
    public static Stream Unpack(Stream file, BmpHeader header)
    {
        var runs = new BmpRuns(file, header);
        runs.Unpack();
        return new MemoryStream(runs.bitmap);
    }

    private void Unpack()
    {
        while (!IsComplete)
        {
            switch (Next(), Next())
            {
                case (0, EndOfRow):
                    (x, y) = (0, y + 1);
                    break;
                case (0, EndOfBitmap):
                    return;
                case (0, Move):
                    (x, y) = (x + Next(), y + Next());
                    break;
                case (0, var count):
                    PutEach(count);
                    break;
                case var (count, value):
                    PutRun(count, value);
                    break;
            }
        }
    }

    /// <summary>Pixels that are stored one by one, padded to an even number of bytes.</summary>
    private void PutEach(int count)
    {
        var pixelsOfByte = 8 / header.Bits;
        var bytes = (count + pixelsOfByte - 1) / pixelsOfByte;
        for (var left = count; left > 0; left -= pixelsOfByte)
        {
            PutRun(Math.Min(left, pixelsOfByte), Next());
        }

        packed.Skip(bytes & 1);
    }

    /// <summary>A repeated pixel; with 4 bits, the two pixels of a byte alternate.</summary>
    private void PutRun(int count, int value)
    {
        for (var i = 0; i < count; i++, x++)
        {
            if (x < header.Width && y < header.Height)
            {
                bitmap[first + (y * stride) + x] = (byte)(header.Bits == 8 ? value : i % 2 == 0 ? value >> 4 : value & 15);
            }
        }
    }

    private int Next() => packed.Next() is >= 0 and var next ? next : throw new UndecodableImageException("cut short");
}
