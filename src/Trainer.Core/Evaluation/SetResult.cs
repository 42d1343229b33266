using System.Text.Json.Serialization;
using Trainer.Core.Catalog;
using Trainer.Core.Metrics;

namespace Trainer.Core.Evaluation;

/// <summary>What the pictures of an evaluated set are.</summary>
public enum SetRole
{
    /// <summary>Shows the subject and should be accepted.</summary>
    Normal,

    /// <summary>Shows anything else and should be rejected.</summary>
    Negative,
}

/// <summary>A figure with its bounds at 95 % confidence; all NaN where there is none.</summary>
public readonly record struct Figure(double Value, double Low, double High)
{
    /// <summary>No figure.</summary>
    public static Figure None { get; } = new(double.NaN, double.NaN, double.NaN);

    internal static Figure Compare(float[] normals, float[] negatives, Bootstrap.Figure figure)
    {
        var (low, high) = Bootstrap.Interval(normals, negatives, figure);
        return new(figure(normals, negatives), low, high);
    }

    internal static Figure Accepted(float[] cosines, float threshold)
    {
        if (cosines.Length == 0)
        {
            return None;
        }

        var interval = BinomialInterval.Of(cosines.Count(c => c >= threshold), cosines.Length);
        return new(Metrics.AcceptRate.Of(cosines, threshold), interval.Low, interval.High);
    }
}

/// <summary>The gate's figures on one named set of pictures.</summary>
/// <param name="Count">Number of pictures that were read.</param>
/// <param name="Auroc">AUROC of the evaluation's normals against this set; NaN for the normals themselves.</param>
/// <param name="Aupr">Average precision of the same comparison.</param>
/// <param name="FprAt95Tpr">
/// Share of this set that is accepted at the threshold that accepts 95 % of the evaluation's normals; NaN for the normals.
/// </param>
/// <param name="AcceptRate">Share of this set that is accepted at the gate's own threshold.</param>
/// <param name="Intervals">
/// Bounds of the figures at 95 % confidence: by bootstrap over both sets, and by Clopper and Pearson for the accept rate.
/// </param>
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
    double Aupr,
    double FprAt95Tpr,
    double AcceptRate,
    SetIntervals Intervals)
{
    /// <summary>The set's cosines, in the order of its pictures.</summary>
    [JsonIgnore]
    public float[] Cosines { get; init; } = [];

    /// <summary>The pictures that were read, in the order of <see cref="Cosines"/>.</summary>
    [JsonIgnore]
    public IReadOnlyList<ImageEntry> Pictures { get; init; } = [];

    /// <summary>Measures a set.</summary>
    /// <param name="normals">Cosines of the evaluation's normals, also where the set itself holds normals.</param>
    public static SetResult Of(string name, SetRole role, float[] cosines, float[] normals, float threshold)
    {
        var distribution = Distribution.Of(cosines);
        Figure Compared(Bootstrap.Figure figure) => role == SetRole.Normal ? Figure.None : Figure.Compare(normals, cosines, figure);
        var (auroc, aupr, fpr) = (Compared(Metrics.Auroc.Of), Compared(Metrics.Aupr.Of), Compared(Metrics.AcceptRate.FprAt95Tpr));
        var accepted = Figure.Accepted(cosines, threshold);
        return new SetResult(
            name,
            role,
            distribution.Count,
            distribution.Mean,
            distribution.StandardDeviation,
            distribution.Percentile5,
            distribution.Median,
            distribution.Percentile95,
            auroc.Value,
            aupr.Value,
            fpr.Value,
            accepted.Value,
            new SetIntervals([auroc.Low, auroc.High], [aupr.Low, aupr.High], [fpr.Low, fpr.High], [accepted.Low, accepted.High]))
        {
            Cosines = cosines,
        };
    }
}

/// <summary>Lower and upper bound of each figure.</summary>
public sealed record SetIntervals(double[] Auroc, double[] Aupr, double[] FprAt95Tpr, double[] AcceptRate);
