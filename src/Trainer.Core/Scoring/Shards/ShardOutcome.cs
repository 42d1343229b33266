namespace Trainer.Core.Scoring.Shards;

/// <summary>How many pictures a shard has.</summary>
/// <param name="Pictures">All of them.</param>
/// <param name="Accepted">Those with a cosine from the threshold on.</param>
/// <param name="Unreadable">Those without a score.</param>
public readonly record struct ShardCounts(long Pictures, long Accepted, long Unreadable)
{
    /// <summary>Those of several shards.</summary>
    public static ShardCounts operator +(ShardCounts one, ShardCounts other) =>
        new(one.Pictures + other.Pictures, one.Accepted + other.Accepted, one.Unreadable + other.Unreadable);

    /// <inheritdoc cref="op_Addition"/>
    public static ShardCounts Add(ShardCounts one, ShardCounts other) => one + other;
}

/// <summary>What became of a shard.</summary>
public enum ShardState
{
    /// <summary>Its pictures are scored, and the file is written.</summary>
    Scored,

    /// <summary>A file of the same gate and shard was there already.</summary>
    WasThere,

    /// <summary>It is no whole tar with pictures; another try would find the same.</summary>
    Broken,

    /// <summary>It couldn't be read; another try may succeed.</summary>
    Unavailable,
}

/// <summary>What became of a shard, with its numbers or the reason why there are none.</summary>
/// <param name="Error">Null when it is scored.</param>
public sealed record ShardOutcome(ShardState State, ShardCounts Counts, string? Error = null);
