using System.Globalization;
namespace Trainer.Core.Export.Proof;

/// <summary>The bounds that an exported gate must keep, the same for every format and precision.</summary>
/// <remarks>
/// Each bound is something that a user would notice; docs/deploy.md has the table. A file with its own head and threshold is a different
/// gate on
/// purpose. Single decisions and cosines say nothing about it, so it is judged by its figures on all pictures.
/// </remarks>
internal static class ParityRule
{
    /// <summary>
    /// Share of the pictures that may be decided differently. One picture always may, because formats round differently and any picture can
    /// be right at the threshold.
    /// </summary>
    public const double ChangedShare = 0.01;

    /// <summary>How much lower the AUROC may be.</summary>
    public const double AurocLoss = 0.01;

    /// <summary>How far the share of accepted normals may move beyond the uncertainty that comes from their number.</summary>
    public const double AcceptanceShift = 0.02;

    /// <summary>
    /// Largest mean |Δ cosine|. It bounds the mean, because rounding moves single cosines far more in a gate whose normals are close to
    /// their centroid.
    /// </summary>
    public const double MeanDelta = 0.02;

    private const double Confidence95 = 1.96;

    /// <summary>Number of decisions that may differ.</summary>
    public static int ChangedDecisions(int pictures) => Math.Max((int)(ChangedShare * pictures), 1);

    /// <summary>How far the share of accepted normals may move.</summary>
    /// <remarks>The standard error of the difference between two shares of the same pictures is √changed / n (McNemar 1947).</remarks>
    /// <param name="normals">n, at least 1.</param>
    /// <param name="changed">Number of normals that are decided differently.</param>
    public static double Acceptance(int normals, int changed) => AcceptanceShift + (Confidence95 * Math.Sqrt(changed) / normals);

    /// <summary>The reasons why a file is refused, as parts of a sentence; empty if it passes.</summary>
    internal static IEnumerable<string> Objections(ParityResult parity)
    {
        if (double.IsNaN(parity.WorstDelta))
        {
            yield return "some similarities are not numbers";
        }

        if (!parity.HasOwnHead && parity.ChangedDecisions > ChangedDecisions(parity.Pictures))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"it decides {parity.ChangedDecisions} of {parity.Pictures} pictures differently (at most "
                + $"{ChangedDecisions(parity.Pictures)} are allowed)");
        }

        if (parity.AurocBefore - parity.AurocAfter > AurocLoss)
        {
            yield return FormattableString.Invariant(
                $"its AUROC is {parity.AurocAfter:f4} instead of {parity.AurocBefore:f4} (at most {AurocLoss} less)");
        }

        if (parity.Normals > 0 && Math.Abs(parity.AcceptedAfter - parity.AcceptedBefore) is var shift
            && shift > Acceptance(parity.Normals, parity.ChangedNormals))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"it accepts {parity.AcceptedAfter:p1} of the {parity.Normals} normals instead of {parity.AcceptedBefore:p1} (at most "
                + $"{Acceptance(parity.Normals, parity.ChangedNormals):p1} away)");
        }

        if (!parity.HasOwnHead && parity.MeanDelta > MeanDelta)
        {
            yield return FormattableString.Invariant($"its cosines are {parity.MeanDelta:g2} off on average (at most {MeanDelta})");
        }
    }
}
