using Trainer.Core.Catalog;
using Trainer.Core.Metrics;
using Trainer.Core.Validation;

namespace Trainer.Core.Export;

/// <summary>How far an exported gate may stray from the trained one.</summary>
/// <param name="WorstDelta">Largest |Δ cosine|.</param>
/// <param name="ChangedShare">Share of the pictures that one accepts and the other rejects, 0 to 1.</param>
/// <param name="AurocLoss">How much lower the AUROC may be.</param>
public sealed record ParityBound(double WorstDelta, double ChangedShare, double AurocLoss);

/// <summary>How closely an exported gate follows the one that it was made from, on the same pictures.</summary>
/// <param name="Format">As the candidate is called.</param>
/// <param name="Bytes">Size of what is written.</param>
/// <param name="MedianMilliseconds">From a decoded picture of 640x480 to the decision, on one thread; NaN when it wasn't timed.</param>
/// <param name="Pictures">Pictures compared.</param>
/// <param name="WorstDelta">Largest |Δ cosine|.</param>
/// <param name="ChangedDecisions">Pictures that one accepts and the other rejects.</param>
/// <param name="AurocBefore">Of the trained gate; NaN without normals or negatives.</param>
/// <param name="AurocAfter">Of the exported one.</param>
public sealed record ParityResult(
    string Format,
    long Bytes,
    double MedianMilliseconds,
    int Pictures,
    double WorstDelta,
    double MeanDelta,
    int ChangedDecisions,
    double AurocBefore,
    double AurocAfter,
    ParityBound Bound)
{
    /// <summary>True when all is within the bound. A NaN among the cosines never is.</summary>
    public bool Holds => WorstDelta <= Bound.WorstDelta && ChangedDecisions <= Bound.ChangedShare * Pictures && !(AurocBefore - AurocAfter > Bound.AurocLoss);

    internal static ParityResult Of(
        ExportCandidate candidate, IReadOnlyList<int> labels, IReadOnlyList<Judgement> before, IReadOnlyList<Judgement> after, double milliseconds)
    {
        var deltas = before.Zip(after, (b, a) => (double)Math.Abs(b.Similarity - a.Similarity)).ToArray();
        return new ParityResult(
            candidate.Name,
            candidate.Bytes,
            milliseconds,
            labels.Count,
            deltas.Aggregate(0.0, Math.Max), // keeps NaN
            deltas.Average(),
            before.Zip(after).Count(pair => pair.First.Accepted != pair.Second.Accepted),
            AurocOf(labels, before),
            AurocOf(labels, after),
            candidate.Bound);
    }

    private static double AurocOf(IReadOnlyList<int> labels, IReadOnlyList<Judgement> judgements)
    {
        float[] Of(int label) => [.. labels.Zip(judgements).Where(pair => pair.First == label).Select(pair => pair.Second.Similarity)];
        return Auroc.Of(Of(Labels.Normal), Of(Labels.Negative));
    }
}
