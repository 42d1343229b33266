using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Validation;

namespace Trainer.Core.Export;

/// <summary>How closely an exported gate follows the one that it was made from, on the same pictures.</summary>
/// <param name="Pictures">Pictures compared.</param>
/// <param name="WorstDelta">Largest |Δ cosine|.</param>
/// <param name="ChangedDecisions">Pictures that one accepts and the other rejects.</param>
public sealed record ParityResult(int Pictures, double WorstDelta, double MeanDelta, int ChangedDecisions)
{
    /// <summary>True when every cosine is within the bound and every decision the same.</summary>
    public bool Holds(double bound) => Pictures > 0 && WorstDelta <= bound && ChangedDecisions == 0;
}

/// <summary>Runs two gates over the same pictures.</summary>
public static class ParityCheck
{
    /// <summary>Largest |Δ cosine| that a float32 export may show.</summary>
    public const double Float32Bound = 1e-4;

    /// <summary>Compares the two; pictures that don't decode are left out.</summary>
    public static ParityResult Compare(IGate trained, IGate exported, IReadOnlyList<ImageEntry> images, BatchLoader loader, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(trained);
        ArgumentNullException.ThrowIfNull(exported);
        ArgumentNullException.ThrowIfNull(loader);
        double worst = 0, sum = 0;
        int pictures = 0, changed = 0;
        foreach (var batch in loader.Load(images, cancel))
        {
            foreach (var (before, after) in trained.Cosines(batch).Zip(exported.Cosines(batch)))
            {
                var delta = Math.Abs(before - after);
                worst = Math.Max(worst, delta); // keeps NaN, which no bound then holds
                sum += delta;
                changed += (before >= trained.Threshold) == (after >= exported.Threshold) ? 0 : 1;
                pictures++;
            }
        }

        return new ParityResult(pictures, worst, sum / Math.Max(pictures, 1), changed);
    }
}
