using Trainer.Core.Gates;
using Trainer.Core.Metrics;

namespace Trainer.Core.Fitting;

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
    /// <summary>Cosines of photos of the subject that the head was computed from, each by a head without it; by their content. Empty where no head is computed.</summary>
    public IReadOnlyDictionary<ulong, float> HeldOut { get; init; } = new Dictionary<ulong, float>();

    /// <summary>Where cosines lie among those of the calibration normals; null where these are few.</summary>
    public Nearness? Nearness { get; init; }

    internal static ValidationResult Of(Centroid centroid, Threshold threshold, float[] normals, float[] negatives) => new(
        centroid,
        threshold,
        Distribution.Of(normals),
        Distribution.Of(negatives),
        Metrics.Auroc.Of(normals, negatives),
        AcceptRate.FprAt95Tpr(normals, negatives),
        AcceptRate.Of(negatives, threshold.Cosine))
    {
        Nearness = Nearness.Among(normals),
    };

    /// <summary>True when this gate is as good as an earlier one, as far as so few pictures can tell: it may then take its place.</summary>
    /// <remarks>
    /// Easy negatives are soon told apart, and what remains between two validations is noise. The later gate learned at a
    /// lower rate and is averaged over more steps; measured on look-alikes it is the better one. Without negatives nothing can be compared.
    /// </remarks>
    public bool IsAsGoodAs(ValidationResult? earlier) => earlier is null || Reaches(earlier.Bar);

    /// <summary>The AUROC that a later gate must reach to take this one's place.</summary>
    public double Bar => Auroc - Noise;

    /// <summary>As <see cref="IsAsGoodAs"/>, by the earlier gate's <see cref="Bar"/> alone.</summary>
    public bool Reaches(double bar) => !(Auroc < bar); // also where either is NaN

    /// <summary>Half the standard error of the AUROC, roughly (Hanley and McNeil 1982): differences below it are left to chance.</summary>
    private double Noise => 0.002 + (0.5 * Math.Sqrt(Auroc * (1 - Auroc) / Math.Max(Math.Min(Normals.Count, Negatives.Count), 1)));
}
