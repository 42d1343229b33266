namespace Trainer.Core.Imaging.Decoding;

/// <summary>A picture's bytes, which can't be read any more once a time limit is over.</summary>
/// <param name="name">The file's path, or the name that the bytes were stored under.</param>
/// <param name="bytes">Must support seeking; disposed together with this stream.</param>
internal sealed class TimedFile(string name, Stream bytes) : Stream
{
    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Limit { get; set; }

    /// <summary>The file's path, or the name that the bytes were stored under.</summary>
    public string Name => name;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => bytes.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => bytes.Position;
        set => bytes.Position = value;
    }

    /// <summary>Reads bytes; all other read methods call this one.</summary>
    /// <exception cref="OperationCanceledException">The time is over.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        Limit.ThrowIfCancellationRequested();
        return bytes.Read(buffer, offset, count);
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => bytes.Seek(offset, origin);

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        bytes.Dispose();
        base.Dispose(disposing);
    }
}
