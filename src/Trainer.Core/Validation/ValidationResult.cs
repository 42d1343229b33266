using Trainer.Core.Gates;
using Trainer.Core.Metrics;

namespace Trainer.Core.Validation;

/// <summary>What one validation found, on the calibration part.</summary>
/// <param name="Normals">Cosines of the normals, each to the centroid of the others.</param>
/// <param name="Negatives">Cosines of the negatives to the centroid.</param>
/// <param name="Auroc">0 to 1; NaN without negatives.</param>
/// <param name="FprAt95Tpr">0 to 1; NaN without negatives.</param>
/// <param name="FalseAcceptRate">Share of the negatives that the threshold accepts; NaN without negatives.</param>
public sealed record ValidationResult(
    Centroid Centroid,
    Threshold Threshold,
    Distribution Normals,
    Distribution Negatives,
    double Auroc,
    double FprAt95Tpr,
    double FalseAcceptRate)
{
    internal static ValidationResult Of(Centroid centroid, Threshold threshold, float[] normals, float[] negatives) => new(
        centroid,
        threshold,
        Distribution.Of(normals),
        Distribution.Of(negatives),
        Metrics.Auroc.Of(normals, negatives),
        AcceptRate.FprAt95Tpr(normals, negatives),
        AcceptRate.Of(negatives, threshold.Cosine));

    /// <summary>How far the two distributions lie apart, in their own spreads (d′); NaN without negatives.</summary>
    public double Separation => (Normals.Mean - Negatives.Mean)
        / Math.Sqrt((Square(Normals.StandardDeviation) + Square(Negatives.StandardDeviation)) / 2);

    /// <summary>True when this one is the better gate: by AUROC, then by false accepts at 95 %, then by separation.</summary>
    /// <remarks>Without negatives nothing can be compared, and the later one counts as better.</remarks>
    public bool IsBetterThan(ValidationResult? other) =>
        other is null || double.IsNaN(Auroc) || (Auroc, -FprAt95Tpr, Separation).CompareTo((other.Auroc, -other.FprAt95Tpr, other.Separation)) > 0;

    private static double Square(double x) => x * x;
}
