using Trainer.Core.Gates;
using Trainer.Core.Metrics;

namespace Trainer.Core.Fitting;

/// <summary>The result of one validation, on the calibration part.</summary>
/// <param name="Normals">Cosines of the normals, each to the centroid of the others.</param>
/// <param name="Negatives">Cosines of the negatives to the centroid.</param>
/// <param name="Auroc">0 to 1; NaN without negatives.</param>
/// <param name="FprAt95Tpr">0 to 1; NaN without negatives.</param>
/// <param name="FalseAcceptRate">Share of the negatives that the threshold accepts, 0 to 1; NaN without negatives.</param>
public sealed record ValidationResult(
    Centroid Centroid,
    Threshold Threshold,
    Distribution Normals,
    Distribution Negatives,
    double Auroc,
    double FprAt95Tpr,
    double FalseAcceptRate)
{
    /// <summary>
    /// Cosines of the photos that a computed head was made from, each by a head without it, by content key. Empty for a trained head.
    /// </summary>
    public IReadOnlyDictionary<ulong, float> HeldOut { get; init; } = new Dictionary<ulong, float>();

    /// <summary>Ranks a cosine among those of the calibration normals; null when there are too few of them.</summary>
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

    /// <summary>
    /// True when this gate is as good as an earlier one, within the accuracy that so few pictures allow; it may then replace it.
    /// </summary>
    /// <remarks>
    /// Easy negatives are soon told apart, and the differences that remain between validations are noise. The later gate was trained at a
    /// lower learning rate and is averaged over more steps, and on look-alikes it was measured to be better. Without negatives it counts as
    /// good.
    /// </remarks>
    public bool IsAsGoodAs(ValidationResult? earlier) => earlier is null || Reaches(earlier.Bar);

    /// <summary>The AUROC that a later gate must reach to replace this one.</summary>
    public double Bar => Auroc - Noise;

    /// <summary>The same as <see cref="IsAsGoodAs"/>, given only the earlier gate's <see cref="Bar"/>.</summary>
    public bool Reaches(double bar) => !(Auroc < bar); // also true when either is NaN

    /// <summary>About half the standard error of the AUROC (Hanley and McNeil 1982); smaller differences are taken for chance.</summary>
    private double Noise => 0.002 + (0.5 * Math.Sqrt(Auroc * (1 - Auroc) / Math.Max(Math.Min(Normals.Count, Negatives.Count), 1)));
}
