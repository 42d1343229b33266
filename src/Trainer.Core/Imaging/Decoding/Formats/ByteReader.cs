namespace Trainer.Core.Imaging.Decoding.Formats;

/// <summary>Reads a file byte by byte, from its current position.</summary>
/// <param name="file">Must support seeking. It is read further ahead than the bytes that are asked for.</param>
internal sealed class ByteReader(Stream file)
{
    private readonly byte[] buffer = new byte[1 << 14];
    private int at, end;

    /// <summary>The position of the next byte in the file; beyond the end after skipping too many bytes.</summary>
    public long Position => file.Position - end + at;

    /// <summary>The next byte, or -1 at the end.</summary>
    public int Next()
    {
        if (at >= end)
        {
            (at, end) = (0, file.Read(buffer, 0, buffer.Length));
        }

        return at < end ? buffer[at++] : -1;
    }

    /// <summary>Skips some bytes.</summary>
    public void Skip(int count)
    {
        if (count <= end - at)
        {
            at += count;
            return;
        }

        file.Seek(count - (end - at), SeekOrigin.Current);
        (at, end) = (0, 0);
    }
}
