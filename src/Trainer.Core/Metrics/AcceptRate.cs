namespace Trainer.Core.Metrics;

/// <summary>The share of pictures that a threshold accepts, and the threshold that accepts a given share.</summary>
public static class AcceptRate
{
    /// <summary>The share of cosines at or above the threshold.</summary>
    /// <returns>0 to 1; NaN when there are none.</returns>
    public static double Of(ReadOnlySpan<float> cosines, float threshold)
    {
        var accepted = 0;
        foreach (var cosine in cosines)
        {
            accepted += cosine >= threshold ? 1 : 0;
        }

        return cosines.IsEmpty ? double.NaN : (double)accepted / cosines.Length;
    }

    /// <summary>The highest threshold that still accepts at least this share. It is one of the cosines.</summary>
    /// <param name="cosines">In any order, at least one.</param>
    /// <param name="share">Above 0, at most 1.</param>
    /// <exception cref="ArgumentException">There are no cosines, or the share is outside its range.</exception>
    public static float HighestThreshold(ReadOnlySpan<float> cosines, double share)
    {
        if (cosines.IsEmpty || share is not (> 0 and <= 1))
        {
            throw new ArgumentException($"No threshold for a share of {share} of {cosines.Length} cosines.");
        }

        var sorted = cosines.ToArray();
        Array.Sort(sorted);
        var accepted = (int)Math.Ceiling((share * sorted.Length) - 1e-9); // 0.95 · 20 must give 19 despite rounding
        return sorted[^Math.Max(accepted, 1)];
    }

    /// <summary>False accept rate at the threshold that accepts 95 % of the normals (FPR@95TPR).</summary>
    /// <returns>0 to 1; NaN when either side is empty.</returns>
    public static double FprAt95Tpr(ReadOnlySpan<float> normals, ReadOnlySpan<float> negatives) =>
        normals.IsEmpty ? double.NaN : Of(negatives, HighestThreshold(normals, 0.95));
}
