namespace Trainer.Core.Metrics;

/// <summary>What one threshold does.</summary>
/// <param name="Threshold">Accepted is what reaches it; positive infinity accepts nothing.</param>
/// <param name="FalseAcceptRate">Share of the negatives, 0 to 1.</param>
/// <param name="AcceptRate">Share of the normals, 0 to 1.</param>
internal readonly record struct RocPoint(float Threshold, double FalseAcceptRate, double AcceptRate);

/// <summary>The ROC curve: all that thresholds can do with two sets of cosines.</summary>
internal static class RocCurve
{
    /// <summary>A point for each different cosine, from the strictest threshold to the most lenient; starts at (0, 0), ends at (1, 1).</summary>
    /// <param name="normals">Cosines of the normals, in any order.</param>
    /// <param name="negatives">Cosines of the negatives, in any order.</param>
    /// <returns>Empty when either side is.</returns>
    public static IReadOnlyList<RocPoint> Of(IReadOnlyList<float> normals, IReadOnlyList<float> negatives)
    {
        ArgumentNullException.ThrowIfNull(normals);
        ArgumentNullException.ThrowIfNull(negatives);
        if (normals.Count == 0 || negatives.Count == 0)
        {
            return [];
        }

        int accepted = 0, passed = 0;
        var points = new List<RocPoint> { new(float.PositiveInfinity, 0, 0) };
        foreach (var cosine in normals.Select(c => (c, IsNormal: true)).Concat(negatives.Select(c => (c, IsNormal: false))).GroupBy(pair => pair.c).OrderByDescending(group => group.Key))
        {
            accepted += cosine.Count(pair => pair.IsNormal);
            passed += cosine.Count(pair => !pair.IsNormal);
            points.Add(new(cosine.Key, (double)passed / negatives.Count, (double)accepted / normals.Count));
        }

        return points;
    }
}
