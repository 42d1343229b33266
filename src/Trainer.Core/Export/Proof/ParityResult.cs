using System.Text.Json.Serialization;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Metrics;

namespace Trainer.Core.Export.Proof;

/// <summary>How closely an exported gate agrees with the trained gate on the same pictures.</summary>
/// <param name="Format">Name of the candidate.</param>
/// <param name="Bytes">Size of the export in bytes.</param>
/// <param name="MedianMilliseconds">
/// Median time from a decoded picture of 640x480 to the decision, on one thread; NaN if it wasn't timed.
/// </param>
/// <param name="Pictures">Number of pictures compared.</param>
/// <param name="WorstDelta">Largest |Δ cosine|.</param>
/// <param name="ChangedDecisions">Number of pictures that one gate accepts and the other rejects.</param>
/// <param name="AurocBefore">AUROC of the trained gate; NaN without normals or negatives.</param>
/// <param name="AurocAfter">AUROC of the exported gate.</param>
/// <param name="Normals">Number of normals among the pictures.</param>
/// <param name="AcceptedBefore">Share of the normals that the trained gate accepts, 0 to 1; NaN without normals.</param>
/// <param name="AcceptedAfter">Share of the normals that the exported gate accepts.</param>
/// <param name="ChangedNormals">Number of normals that one gate accepts and the other rejects.</param>
/// <param name="HasOwnHead">The candidate's value.</param>
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
    int Normals,
    double AcceptedBefore,
    double AcceptedAfter,
    int ChangedNormals,
    bool HasOwnHead = false)
{
    /// <summary>True if the gate passes the <see cref="ParityRule"/>.</summary>
    public bool Holds => Objection is null;

    /// <summary>A sentence that says why the gate is refused; null if it passes.</summary>
    [JsonIgnore]
    public string? Objection =>
        string.Join("; ", ParityRule.Objections(this)) is { Length: > 0 } reasons ? $"{Format} is not the gate that was trained: {reasons}."
        : null;

    internal static ParityResult Of(
        ExportCandidate candidate, IReadOnlyList<int> labels, IReadOnlyList<Judgement> before, IReadOnlyList<Judgement> after,
        double milliseconds)
    {
        var deltas = before.Zip(after, (b, a) => (double)Math.Abs(b.Similarity - a.Similarity)).ToArray();
        var (normalsBefore, normalsAfter) = (Of(Labels.Normal, labels, before), Of(Labels.Normal, labels, after));
        return new ParityResult(
            candidate.Name,
            candidate.Bytes,
            milliseconds,
            labels.Count,
            deltas.Aggregate(0.0, Math.Max), // keeps NaN
            deltas.Average(),
            Changed(before, after),
            AurocOf(labels, before),
            AurocOf(labels, after),
            normalsBefore.Length,
            Accepted(normalsBefore),
            Accepted(normalsAfter),
            Changed(normalsBefore, normalsAfter),
            candidate.HasOwnHead);
    }

    private static Judgement[] Of(int label, IReadOnlyList<int> labels, IReadOnlyList<Judgement> judgements) =>
        [.. labels.Zip(judgements).Where(pair => pair.First == label).Select(pair => pair.Second)];

    private static int Changed(IReadOnlyList<Judgement> before, IReadOnlyList<Judgement> after) =>
        before.Zip(after).Count(pair => pair.First.Accepted != pair.Second.Accepted);

    private static double Accepted(Judgement[] judgements) =>
        judgements.Length == 0 ? double.NaN : (double)judgements.Count(judgement => judgement.Accepted) / judgements.Length;

    private static double AurocOf(IReadOnlyList<int> labels, IReadOnlyList<Judgement> judgements)
    {
        float[] Similarities(int label) => [.. Of(label, labels, judgements).Select(judgement => judgement.Similarity)];
        return Auroc.Of(Similarities(Labels.Normal), Similarities(Labels.Negative));
    }
}
