namespace Trainer.Core.Catalog;

/// <summary>A named kind of look-alikes, in its parts.</summary>
public sealed record NamedParts(string Name, PartSplit Parts)
{
    /// <summary>Those that training and head may know: calibration serves as training does.</summary>
    public IReadOnlyList<ImageEntry> Known => [.. Parts.Train, .. Parts.Calibration];
}
