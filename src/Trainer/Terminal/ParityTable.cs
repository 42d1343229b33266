using Trainer.Core;
using Trainer.Core.Export;

namespace Trainer.Terminal;

/// <summary>What exported gates were seen to do, a line each.</summary>
internal static class ParityTable
{
    public static void Print(IReadOnlyList<ParityResult> results)
    {
        var width = Math.Max(results.Max(result => result.Format.Length), 6);
        Screen.Line($"[bold]{"format".PadRight(width)}      MB     ms  worst |Δ cosine|     mean   changed   AUROC before  after[/]");
        foreach (var result in results)
        {
            Screen.Line(FormattableString.Invariant(
                $"{result.Format.PadRight(width)}  {result.Bytes / 1e6,6:f2}  {Time(result.MedianMilliseconds),5}  {result.WorstDelta,16:e1}  {result.MeanDelta,7:e1}  {result.ChangedDecisions,8}   {Rate(result.AurocBefore),12}  {Rate(result.AurocAfter),5}")
                + (result.Holds ? "" : "  [red]out of bounds[/]"));
        }

        Screen.Line($"Against the checkpoint, on {Counted.Of(results[0].Pictures, "held-out picture")} of the run. ms: a picture of 640x480, one thread, median.");
    }

    private static string Time(double milliseconds) => double.IsNaN(milliseconds) ? "–" : FormattableString.Invariant($"{milliseconds:f1}");

    private static string Rate(double rate) => double.IsNaN(rate) ? "–" : FormattableString.Invariant($"{rate:f4}");
}
