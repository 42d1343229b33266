namespace Trainer.Core.Export.Proof;

/// <summary>What an exported gate is refused for: the same for every format and precision.</summary>
/// <remarks>
/// Each bound is something that a user would mind, and docs/deploy.md has the table. A file with a head and threshold of its own is another gate on
/// purpose: single decisions and cosines say nothing about it, so it is judged by what it does to all the pictures.
/// </remarks>
internal static class ParityRule
{
    /// <summary>Share of the pictures that may be decided otherwise; one picture always may, since no two formats round alike and any picture can lie at the very threshold.</summary>
    public const double ChangedShare = 0.01;

    /// <summary>How much lower the AUROC may be.</summary>
    public const double AurocLoss = 0.01;

    /// <summary>How far the share of accepted normals may move, beyond what so few of them can tell.</summary>
    public const double AcceptanceShift = 0.02;

    /// <summary>Largest mean |Δ cosine|. The mean, because rounding moves single cosines of a gate whose normals lie close to their centroid by far more than that.</summary>
    public const double MeanDelta = 0.02;

    private const double Confidence95 = 1.96;

    /// <summary>How many decisions may differ.</summary>
    public static int ChangedDecisions(int pictures) => Math.Max((int)(ChangedShare * pictures), 1);

    /// <summary>How far the share of accepted normals may move.</summary>
    /// <remarks>The standard error of the difference between two shares of the same pictures is √changed / n (McNemar 1947).</remarks>
    /// <param name="normals">n, at least 1.</param>
    /// <param name="changed">Of these: decided otherwise.</param>
    public static double Acceptance(int normals, int changed) => AcceptanceShift + (Confidence95 * Math.Sqrt(changed) / normals);

    /// <summary>Why a file is refused, as parts of a sentence; none where it isn't.</summary>
    internal static IEnumerable<string> Objections(ParityResult parity)
    {
        if (double.IsNaN(parity.WorstDelta))
        {
            yield return "some similarities are no numbers";
        }

        if (!parity.HasOwnHead && parity.ChangedDecisions > ChangedDecisions(parity.Pictures))
        {
            yield return FormattableString.Invariant($"it decides {parity.ChangedDecisions} of {parity.Pictures} pictures otherwise (at most {ChangedDecisions(parity.Pictures)} may be)");
        }

        if (parity.AurocBefore - parity.AurocAfter > AurocLoss)
        {
            yield return FormattableString.Invariant($"its AUROC is {parity.AurocAfter:f4} instead of {parity.AurocBefore:f4} (at most {AurocLoss} less)");
        }

        if (parity.Normals > 0 && Math.Abs(parity.AcceptedAfter - parity.AcceptedBefore) is var shift && shift > Acceptance(parity.Normals, parity.ChangedNormals))
        {
            yield return FormattableString.Invariant($"it accepts {parity.AcceptedAfter:p1} of the {parity.Normals} normals instead of {parity.AcceptedBefore:p1} (at most {Acceptance(parity.Normals, parity.ChangedNormals):p1} away)");
        }

        if (!parity.HasOwnHead && parity.MeanDelta > MeanDelta)
        {
            yield return FormattableString.Invariant($"its cosines are {parity.MeanDelta:g2} off on average (at most {MeanDelta})");
        }
    }
}
