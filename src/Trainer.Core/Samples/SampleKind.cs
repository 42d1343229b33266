namespace Trainer.Core.Samples;

/// <summary>What a drawn picture shows.</summary>
public enum SampleKind
{
    /// <summary>The subject: long narrow leaves, as rice has them.</summary>
    Normal,

    /// <summary>Anything else: rooms, streets, faces, landscapes, patterns, many of them green.</summary>
    Negative,

    /// <summary>Broad leaves in the same light and in front of the same backgrounds as the normals.</summary>
    Hard,
}
