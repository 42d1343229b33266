namespace Trainer.Core.Imaging.Decoding.Formats;

/// <summary>Reads a file byte by byte, from where it stands.</summary>
/// <param name="file">Can seek; is read further ahead than was asked for.</param>
internal sealed class ByteReader(Stream file)
{
    private readonly byte[] buffer = new byte[1 << 14];
    private int at, end;

    /// <summary>Where in the file the next byte stands; beyond its end after a skip that went too far.</summary>
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

    /// <summary>Passes over some bytes.</summary>
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
