namespace Trainer.Core.Ranks;

/// <summary>A run that one process does alone.</summary>
public sealed class SingleRank : ICommunicator
{
    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int Size => 1;

    /// <inheritdoc/>
    public void Exchange(ReadOnlySpan<byte> slices, Span<byte> received) => slices.CopyTo(received);

    /// <inheritdoc/>
    public void Gather(ReadOnlySpan<byte> own, Span<byte> all) => own.CopyTo(all);

    /// <inheritdoc/>
    public void Broadcast(Span<byte> data, int from)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
