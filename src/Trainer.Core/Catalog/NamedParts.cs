namespace Trainer.Core.Catalog;

/// <summary>A named kind of look-alikes, in its parts: calibration serves as training does.</summary>
public sealed record NamedParts(string Name, PartSplit Parts);
