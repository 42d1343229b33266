namespace Trainer.Core.Catalog;

/// <summary>A named set of look-alikes, split into its parts.</summary>
public sealed record NamedParts(string Name, PartSplit Parts)
{
    /// <summary>The pictures that training and the head may use. A look-alike's calibration pictures are used for training too.</summary>
    public IReadOnlyList<ImageEntry> Known => [.. Parts.Train, .. Parts.Calibration];
}
