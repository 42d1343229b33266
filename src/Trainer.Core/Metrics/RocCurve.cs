namespace Trainer.Core.Metrics;

/// <summary>The rates that one threshold gives.</summary>
/// <param name="Threshold">Cosines at or above it are accepted; positive infinity accepts nothing.</param>
/// <param name="FalseAcceptRate">Share of the negatives that is accepted, 0 to 1.</param>
/// <param name="AcceptRate">Share of the normals that is accepted, 0 to 1.</param>
internal readonly record struct RocPoint(float Threshold, double FalseAcceptRate, double AcceptRate);

/// <summary>The ROC curve: the rates of all possible thresholds for two sets of cosines.</summary>
internal static class RocCurve
{
    /// <summary>One point for each distinct cosine, from the strictest threshold to the most lenient; from (0, 0) to (1, 1).</summary>
    /// <param name="normals">Cosines of the normals, in any order.</param>
    /// <param name="negatives">Cosines of the negatives, in any order.</param>
    /// <returns>The points; none when either side is empty.</returns>
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
        foreach (var cosine in normals.Select(c => (c, IsNormal: true)).Concat(negatives.Select(c => (c, IsNormal: false)))
            .GroupBy(pair => pair.c).OrderByDescending(group => group.Key))
        {
            accepted += cosine.Count(pair => pair.IsNormal);
            passed += cosine.Count(pair => !pair.IsNormal);
            points.Add(new(cosine.Key, (double)passed / negatives.Count, (double)accepted / normals.Count));
        }

        return points;
    }
}
