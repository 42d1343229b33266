namespace Trainer.Core.Samples;

/// <summary>How many pictures of each kind to draw.</summary>
public sealed record SampleCounts
{
    /// <summary>Pictures of the subject.</summary>
    public int Normals { get; init; } = 160;

    /// <summary>Pictures of everything else.</summary>
    public int Negatives { get; init; } = 240;

    /// <summary>Pictures that resemble the subject, for evaluation only.</summary>
    public int Hard { get; init; } = 60;

    /// <summary>All of them together.</summary>
    public int Total => Normals + Negatives + Hard;

    internal int Of(SampleKind kind) => kind switch
    {
        SampleKind.Normal => Normals,
        SampleKind.Negative => Negatives,
        SampleKind.Hard => Hard,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of sample."),
    };
}
