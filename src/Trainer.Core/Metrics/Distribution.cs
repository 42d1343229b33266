namespace Trainer.Core.Metrics;

/// <summary>How a set of cosines is spread.</summary>
/// <param name="Count">How many cosines there are; with none, all other values are NaN.</param>
/// <param name="StandardDeviation">The sample's standard deviation, with count − 1 as the divisor; 0 for a single cosine.</param>
/// <param name="Percentile5">The value below which one in twenty cosines lies; interpolated linearly, like all percentiles here.</param>
public sealed record Distribution(
    int Count,
    double Mean,
    double StandardDeviation,
    double Min,
    double Percentile5,
    double Percentile25,
    double Median,
    double Percentile75,
    double Percentile95,
    double Max)
{
    /// <summary>Measures the cosines, given in any order.</summary>
    public static Distribution Of(ReadOnlySpan<float> cosines)
    {
        var sorted = cosines.ToArray();
        Array.Sort(sorted);
        var mean = sorted.Length == 0 ? double.NaN : sorted.Average(c => (double)c);
        var squares = sorted.Sum(c => (c - mean) * (c - mean));
        return new Distribution(
            sorted.Length,
            mean,
            sorted.Length == 0 ? double.NaN : Math.Sqrt(squares / Math.Max(sorted.Length - 1, 1)),
            Quantile(sorted, 0),
            Quantile(sorted, 0.05),
            Quantile(sorted, 0.25),
            Quantile(sorted, 0.5),
            Quantile(sorted, 0.75),
            Quantile(sorted, 0.95),
            Quantile(sorted, 1));
    }

    /// <summary>The value below which a share of the values lies, interpolated linearly between neighbours.</summary>
    /// <param name="sorted">Values in ascending order.</param>
    /// <returns>The value; NaN when there are none.</returns>
    internal static double Quantile(float[] sorted, double share)
    {
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * ((double)sorted[above] - sorted[below]));
    }
}
