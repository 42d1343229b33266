using Trainer.Core.Catalog;

namespace Trainer.Core.Runs;

/// <summary>Number of pictures in each part.</summary>
public sealed record PartCounts(int Train, int Calibration, int Test)
{
    /// <summary>Counts the pictures of a split.</summary>
    public static PartCounts Of(PartSplit split)
    {
        ArgumentNullException.ThrowIfNull(split);
        return new PartCounts(split.Train.Count, split.Calibration.Count, split.Test.Count);
    }
}
