using System.Text;
using Trainer.Core;

namespace Trainer.Terminal;

/// <summary>
/// Standard output. A failed write is an error that the user can fix, such as a full disk. A reader that has closed the pipe is not an
/// error.
/// </summary>
internal sealed class ResultStream : Stream
{
    private readonly Stream output = Console.OpenStandardOutput();

    /// <summary>Replaces the console's own stream if results go to a file or a pipe.</summary>
    public static void Install()
    {
        if (Console.IsOutputRedirected)
        {
            Console.SetOut(new StreamWriter(
                new ResultStream(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false))
            { AutoFlush = true });
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            output.Write(buffer);
        }
        catch (IOException e)
        {
            throw new TrainerException($"Can't write to standard output: {e.Message.TrimEnd('.')}. Files that were written before are "
                + "complete.", e);
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() => output.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
