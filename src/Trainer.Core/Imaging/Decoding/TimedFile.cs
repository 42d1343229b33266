namespace Trainer.Core.Imaging.Decoding;

/// <summary>A file that can't be read any longer once its time is over, whoever reads it.</summary>
internal sealed class TimedFile(string path) : FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read)
{
    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Limit { get; set; }

    /// <summary>Reads bytes; all other read methods call this one.</summary>
    /// <exception cref="OperationCanceledException">The time is over.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        Limit.ThrowIfCancellationRequested();
        return base.Read(buffer, offset, count);
    }
}
