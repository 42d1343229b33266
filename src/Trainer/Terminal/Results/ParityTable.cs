using Trainer.Core.Export.Proof;
using Trainer.Core.Wording;

namespace Trainer.Terminal.Results;

/// <summary>A table with the proof of each exported gate.</summary>
internal static class ParityTable
{
    public static void Print(IReadOnlyList<ParityResult> results)
    {
        Table(results).Print();

        Screen.Line($"Against the checkpoint, on {Counted.Of(results[0].Pictures, "held-out picture")} of the run. accepted: share of its "
            + $"{Counted.Of(results[0].Normals, "normal")}. ms: median for a picture of 640x480 on one thread.");
        if (results.Where(result => result.HasOwnHead).Select(result => result.Format).ToArray() is { Length: > 0 } own)
        {
            Screen.Line($"{string.Join(", ", own)}: with "
                + $"{(own.Length == 1 ? "its own head and threshold" : "their own heads and thresholds")}, computed from the run's "
                + "pictures, and therefore judged by AUROC and accept rate rather than by single decisions.");
        }
    }

    private static ResultTable Table(IReadOnlyList<ParityResult> results)
    {
        var table = new ResultTable(
            "format", ">MB", ">ms", ">changed", ">AUROC before", ">after", ">accepted before", ">after", ">worst |Δ cosine|", ">mean", "");
        foreach (var result in results)
        {
            table.Add(
                result.Format,
                FormattableString.Invariant($"{result.Bytes / 1e6:f2}"),
                Time(result.MedianMilliseconds),
                $"{result.ChangedDecisions}",
                Rate(result.AurocBefore),
                Rate(result.AurocAfter),
                Share(result.AcceptedBefore),
                Share(result.AcceptedAfter),
                FormattableString.Invariant($"{result.WorstDelta:0.0e-0}"),
                FormattableString.Invariant($"{result.MeanDelta:0.0e-0}"),
                Warning(result));
        }

        return table;
    }

    private static string Warning(ParityResult result) => result.Holds ? "" : "[red]out of bounds[/]";

    private static string Time(double milliseconds) => double.IsNaN(milliseconds) ? "–" : FormattableString.Invariant($"{milliseconds:f1}");

    private static string Rate(double rate) => double.IsNaN(rate) ? "–" : FormattableString.Invariant($"{rate:f4}");

    private static string Share(double share) => double.IsNaN(share) ? "–" : FormattableString.Invariant($"{share:f3}");
}
