using Trainer.Core.Evaluation;
using Trainer.Core.Metrics;

namespace Trainer.Core.Reporting;

/// <summary>What another threshold would do.</summary>
/// <param name="Threshold">The cosine from which pictures would be accepted.</param>
/// <param name="IsOwn">True for the gate's own.</param>
/// <param name="AcceptRates">Share accepted of each set, in the order of the sets.</param>
internal sealed record ThresholdRow(float Threshold, bool IsOwn, IReadOnlyList<double> AcceptRates)
{
    private static readonly double[] Shares = [0.99, 0.98, 0.95, 0.9, 0.85, 0.8, 0.7];

    /// <summary>Thresholds that accept round shares of the normals, and the gate's own among them, from lenient to strict.</summary>
    public static IReadOnlyList<ThresholdRow> Of(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var own = report.Threshold.Cosine;
        var normals = report.Normals?.Cosines ?? [];
        var thresholds = normals.Length == 0 ? [] : Shares.Select(share => AcceptRate.HighestThreshold(normals, share));
        return [.. thresholds.Append(own).Distinct().Order().Select(threshold => At(threshold, threshold == own, report.Sets))];
    }

    private static ThresholdRow At(float threshold, bool isOwn, IEnumerable<SetResult> sets) =>
        new(threshold, isOwn, [.. sets.Select(set => AcceptRate.Of(set.Cosines, threshold))]);
}
