using Trainer.Core.Export.Proof;
using Trainer.Core.Wording;

namespace Trainer.Terminal.Results;

/// <summary>What exported gates were seen to do, a line each.</summary>
internal static class ParityTable
{
    private const int TableWidth = 110; // of the columns behind the format

    public static void Print(IReadOnlyList<ParityResult> results)
    {
        var width = Math.Max(results.Max(result => result.Format.Length), 6);
        if (Screen.Width >= width + TableWidth)
        {
            PrintTable(results, width);
        }
        else
        {
            PrintList(results);
        }

        Screen.Line($"Against the checkpoint, on {Counted.Of(results[0].Pictures, "held-out picture")} of the run. accepted: of its {Counted.Of(results[0].Normals, "normal")}. ms: a picture of 640x480, one thread, median.");
        if (results.Where(result => result.HasOwnHead).Select(result => result.Format).ToArray() is { Length: > 0 } own)
        {
            Screen.Line($"{string.Join(", ", own)}: with head and threshold of {(own.Length == 1 ? "its" : "their")} own, computed on what {(own.Length == 1 ? "it makes" : "they make")} of the run's pictures; so judged by AUROC and acceptance, not by single decisions.");
        }
    }

    private static void PrintTable(IReadOnlyList<ParityResult> results, int width)
    {
        Screen.Line($"[bold]{"format".PadRight(width)}      MB     ms   changed   AUROC before  after   accepted before  after   worst |Δ cosine|     mean[/]");
        foreach (var result in results)
        {
            Screen.Line(FormattableString.Invariant(
                $"{result.Format.PadRight(width)}  {result.Bytes / 1e6,6:f2}  {Time(result.MedianMilliseconds),5}  {result.ChangedDecisions,8}   {Rate(result.AurocBefore),12}  {Rate(result.AurocAfter),5}   {Share(result.AcceptedBefore),15}  {Share(result.AcceptedAfter),5}   {result.WorstDelta,16:0.0e-0}  {result.MeanDelta,7:0.0e-0}")
                + Warning(result));
        }
    }

    /// <summary>The same for narrow terminals.</summary>
    private static void PrintList(IReadOnlyList<ParityResult> results)
    {
        foreach (var result in results)
        {
            Screen.Line(FormattableString.Invariant($"[bold]{result.Format}[/]: {result.Bytes / 1e6:f2} MB, {Time(result.MedianMilliseconds)} ms, {result.ChangedDecisions} changed") + Warning(result));
            Screen.Line($"AUROC {Rate(result.AurocBefore)}, after {Rate(result.AurocAfter)}", indent: 2);
            Screen.Line($"accepted {Share(result.AcceptedBefore)}, after {Share(result.AcceptedAfter)}", indent: 2);
            Screen.Line(FormattableString.Invariant($"|Δ cosine| at worst {result.WorstDelta:0.0e-0}, on the mean {result.MeanDelta:0.0e-0}"), indent: 2);
        }
    }

    private static string Warning(ParityResult result) => result.Holds ? "" : "  [red]out of bounds[/]";

    private static string Time(double milliseconds) => double.IsNaN(milliseconds) ? "–" : FormattableString.Invariant($"{milliseconds:f1}");

    private static string Rate(double rate) => double.IsNaN(rate) ? "–" : FormattableString.Invariant($"{rate:f4}");

    private static string Share(double share) => double.IsNaN(share) ? "–" : FormattableString.Invariant($"{share:f3}");
}
