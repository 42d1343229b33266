using Trainer.Core.Evaluation;

namespace Trainer.Core.Reporting;

/// <summary>The verdict on a gate, for people who don't know ROC curves.</summary>
/// <param name="Headline">The verdict in a few words.</param>
/// <param name="Sentence">The gate's figures in a sentence, as counts of 100.</param>
/// <param name="Weak">The set of negatives with the highest accept rate if that is above <see cref="Tolerable"/>; otherwise null.</param>
public sealed record Verdict(string Headline, string Sentence, SetResult? Weak)
{
    /// <summary>Highest share of negatives that may get through before the report calls it a weakness: 1 in 20.</summary>
    public const double Tolerable = 0.05;

    /// <summary>Fewest photos of the subject for a verdict. With 20 photos, each one counts for 5 of 100.</summary>
    public const int FewestNormals = 20;

    /// <summary>Judges a run by the sets that it was evaluated on.</summary>
    public static Verdict Of(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var weak = report.Negatives.Where(set => set.AcceptRate > Tolerable).MaxBy(set => set.AcceptRate);
        return new Verdict(Judge(report, weak), Say(report, weak), weak);
    }

    private static string Judge(RunReport report, SetResult? weak) => report switch
    {
        { Normals: null } => "Only negatives were measured",
        { Normals.Count: < FewestNormals } => "Too few photos to judge",
        _ when report.Normals.Intervals.AcceptRate[1] < report.Threshold.PromisedAcceptRate => "It rejects too many photos of its subject",
        _ when report.Negatives.Any(set => set.Name == Words.Coco && set.AcceptRate > Tolerable) => "Too much gets through",
        _ when weak?.AcceptRate > 0.5 => $"It can't tell {weak.Name} from its subject",
        _ when weak is not null => $"Works, but has a weak spot: {weak.Name}",
        _ when report.Negatives.All(set => set.Name == Words.Coco) => "Works on ordinary photos; look-alikes are untested",
        _ => "Ready to try",
    };

    private static string Say(RunReport report, SetResult? weak)
    {
        string Accepted(SetResult set) => Words.Share(Words.Accepted(set, report.Threshold.Cosine), set.Count);
        var first = report.Negatives.FirstOrDefault();
        var parts = new List<string>();
        if (report.Normals is { } normals)
        {
            parts.Add($"accepts {Accepted(normals)} photos of the subject");
        }

        if (first is not null)
        {
            parts.Add($"lets {Accepted(first)} {Words.Of(first.Name)} through");
        }

        var rest = report.Negatives.Skip(1).Where(set => set != weak).Select(set => $"of {set.Name} {Accepted(set)}").ToArray();
        var others = rest.Length > 0 ? $"; {string.Join(", ", rest)}" : "";
        return weak is not null && weak != first
            ? $"It {string.Join(" and ", parts)}; its weak spot is {weak.Name}: {Accepted(weak)} get through{others}."
            : $"It {string.Join(" and ", parts)}{others}.";
    }
}
