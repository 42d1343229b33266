using Trainer.Core.Evaluation;
using Trainer.Core.Metrics;
using Trainer.Core.Runs;
using Trainer.Core.Wording;

namespace Trainer.Core.Reporting;

/// <summary>What to do next, and why.</summary>
/// <param name="What">An imperative.</param>
/// <param name="Why">A sentence or two.</param>
internal sealed record Advice(string What, string Why)
{
    private const int FirmNormals = 100;

    /// <summary>The advice for a run, the most useful first; at least one.</summary>
    public static IReadOnlyList<Advice> For(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return [.. Candidates(report).OfType<Advice>().DefaultIfEmpty(new Advice(
            "Try it where it will be used",
            "These figures say nothing about photos of other places, cameras and seasons. Measure such photos as --normal and --negative "
                + "folders of 'trainer eval --report'."))];
    }

    private static IEnumerable<Advice?> Candidates(RunReport report)
    {
        var verdict = Verdict.Of(report);
        var isFew = report.Normals is { Count: < Verdict.FewestNormals };
        yield return isFew ? OfFew(report) : null;
        yield return report.Record.StartWeights == RunRecord.RandomWeights
            ? new("Start from ImageNet's weights", "This run started from random weights. With a few hundred photos nothing else helps as "
                + "much: 'trainer train --weights imagenet'.")
            : null;
        yield return verdict.Weak is { } weak ? OfWeakSpot(report, weak) : null;
        yield return OfBaseline(report);
        yield return report.Normals is { } rejecting && IsRejecting(rejecting, report)
            ? new("Photograph what it rejects", "It accepts fewer photos than promised, because these photos differ from those that set "
                + "its threshold. Look at the rejected photos below, and add photos like them to the subject's folder. Until then, "
                + $"'trainer calibrate --run {report.Run} --normal photos/new' sets the threshold by a folder of such photos, which must "
                + "not contain the ones measured here.")
            : null;
        yield return !isFew && report.Normals is { } normals && !IsRejecting(normals, report)
            && normals.Cosines.Count(cosine => cosine < report.Threshold.Cosine) is > 0 and var turnedAway
            ? new("Photograph more of what it rejects", $"{Counted.Of(turnedAway, "photo")} of the subject "
                + $"{(turnedAway == 1 ? "is" : "are")} rejected, as was to be expected. If a photo below shows the subject as your users "
                + "will, add photos like it; otherwise remove it.")
            : null;
        yield return report.Negatives.Any() && report.Negatives.All(set => set.Name == Words.Coco)
            ? new("Show it what your users confuse with the subject",
                $"Rejecting cats is easy. Put photos of look-alikes into a folder and measure them: 'trainer eval --run {report.Run} "
                    + "--negative weeds=photos/weeds --report'.")
            : null;
        yield return report.Record.StartWeights == RunRecord.BuiltInWeights
            ? new("Start from ImageNet's weights", "This run started from the weights built into trainer. Torchvision's weights tell "
                + "look-alikes apart better: 'trainer train --weights imagenet' downloads them once.")
            : null;
        yield return !isFew && report.Normals is { Count: < FirmNormals } ? OfFew(report) : null;
    }

    private static Advice? OfFew(RunReport report) => report.Normals is not { } few ? null : new(
        "Take more photos of the subject",
        $"With {Counted.Of(few.Count, "photo")} in the test, the true accept rate is only known to be "
            + $"{Words.Between(few.Intervals.AcceptRate)}. Four times as many photos would halve this range.");

    /// <summary>Advice if the start weights alone do better than the gate.</summary>
    private static Advice? OfBaseline(RunReport report)
    {
        var better = report.Baselines.SelectMany(
            baseline => baseline.Sets.Where(set => set.IsBetter).Select(set => (Baseline: baseline.Name, Set: set))).ToArray();
        return better.Length == 0 ? null : new(
            "Compare with a gate that isn't trained",
            $"The start weights alone tell "
                + $"{string.Join(", ", better.Select(found => $"{Words.Of(found.Set.Set)} apart at an AUROC of {Words.Figure(found.Set.Auroc)} ({found.Baseline}), where this gate reaches {Words.Figure(found.Set.GateAuroc)}"))}. "
            + "'trainer train --epochs 0' makes a gate from them in seconds. Measure it on the same photos, and keep the better one.");
    }

    private static bool IsRejecting(SetResult normals, RunReport report) =>
        normals.Intervals.AcceptRate[1] < report.Threshold.PromisedAcceptRate;

    private static Advice OfWeakSpot(RunReport report, SetResult weak)
    {
        var place = weak.Name == Words.Coco
            ? "Add photos like these to the folder of ordinary photos (--coco) before the next training."
            : $"Add about 50 photos like these to the next training: '--negative {weak.Name}=DIR'.";
        var why = $"{place} Don't use the photos measured here: they will show whether it helped.";
        if (report.Normals is { } normals)
        {
            var half = AcceptRate.HighestThreshold(weak.Cosines, weak.AcceptRate / 2);
            var stricter = AcceptRate.Of(weak.Cosines, half) > weak.AcceptRate / 2 ? MathF.BitIncrement(half) : half;
            var (left, kept) = (AcceptRate.Of(weak.Cosines, stricter), AcceptRate.Of(normals.Cosines, stricter));
            why += $" Until then, a threshold of {Words.Figure(stricter)} would let {Words.Percent(left)} of {Words.Of(weak.Name)} through "
                + $"instead of {Words.Percent(weak.AcceptRate)}, "
                + $"and accept {Words.Percent(kept)} of the subject instead of {Words.Percent(normals.AcceptRate)}.";
        }

        return new($"Collect more {Words.Of(weak.Name)}", why);
    }
}
