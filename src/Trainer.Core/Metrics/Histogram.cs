namespace Trainer.Core.Metrics;

/// <summary>How many cosines fall into each of equally wide bins.</summary>
public static class Histogram
{
    /// <summary>
    /// Counts per bin between <paramref name="low"/> and <paramref name="high"/>; values outside count in the first or last bin.
    /// </summary>
    /// <param name="bins">At least 1.</param>
    public static int[] Of(ReadOnlySpan<float> cosines, double low, double high, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var counts = new int[bins];
        foreach (var cosine in cosines)
        {
            var bin = (int)Math.Floor((cosine - low) / (high - low) * bins);
            counts[Math.Clamp(bin, 0, bins - 1)]++;
        }

        return counts;
    }
}
