using System.Text.Json.Serialization;
using Trainer.Core.Metrics;

namespace Trainer.Core.Validation;

/// <summary>What the pictures of an evaluated set are.</summary>
public enum SetRole
{
    /// <summary>The subject: should be accepted.</summary>
    Normal,

    /// <summary>Anything else: should be rejected.</summary>
    Negative,
}

/// <summary>What the gate does on one named set of pictures.</summary>
/// <param name="Count">Pictures read.</param>
/// <param name="Auroc">Of the evaluation's normals against this set; NaN for the normals themselves.</param>
/// <param name="FprAt95Tpr">Share of this set accepted at the threshold that accepts 95 % of the evaluation's normals; NaN for the normals.</param>
/// <param name="AcceptRate">Share accepted at the gate's own threshold.</param>
public sealed record SetResult(
    string Name,
    SetRole Role,
    int Count,
    double CosineMean,
    double CosineStandardDeviation,
    double CosinePercentile5,
    double CosineMedian,
    double CosinePercentile95,
    double Auroc,
    double FprAt95Tpr,
    double AcceptRate)
{
    /// <summary>The set's cosines, in the order of its pictures.</summary>
    [JsonIgnore]
    public float[] Cosines { get; init; } = [];

    /// <summary>Measures a set.</summary>
    /// <param name="normals">Cosines of the evaluation's normals, whatever the set's role.</param>
    public static SetResult Of(string name, SetRole role, float[] cosines, float[] normals, float threshold)
    {
        var distribution = Distribution.Of(cosines);
        return new SetResult(
            name,
            role,
            distribution.Count,
            distribution.Mean,
            distribution.StandardDeviation,
            distribution.Percentile5,
            distribution.Median,
            distribution.Percentile95,
            role == SetRole.Normal ? double.NaN : Metrics.Auroc.Of(normals, cosines),
            role == SetRole.Normal ? double.NaN : Metrics.AcceptRate.FprAt95Tpr(normals, cosines),
            Metrics.AcceptRate.Of(cosines, threshold))
        {
            Cosines = cosines,
        };
    }
}
