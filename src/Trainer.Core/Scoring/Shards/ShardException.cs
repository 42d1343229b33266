namespace Trainer.Core.Scoring.Shards;

/// <summary>A shard that can't be scored; the message is the reason, without the shard's name.</summary>
/// <param name="isBroken">True when what was read is no whole tar; false when it couldn't be read, which may pass.</param>
internal sealed class ShardException(string reason, bool isBroken, Exception? cause = null) : Exception(reason, cause)
{
    /// <summary>True when another try would find the same.</summary>
    public bool IsBroken => isBroken;
}
