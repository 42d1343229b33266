using Spectre.Console;
using Trainer.Core;
using Trainer.Core.Metrics;
using Trainer.Core.Validation;

namespace Trainer.Terminal;

/// <summary>The result of an evaluation as a table, and the distributions as lines of blocks over one axis.</summary>
internal static class EvaluationTable
{
    private const int MostBins = 44;
    private const int TableWidth = 105; // of the columns behind the name
    private const string Blocks = " ▁▂▃▄▅▆▇█";

    public static void Print(IReadOnlyList<SetResult> sets, float threshold, int skipped)
    {
        var nameWidth = Math.Max(sets.Max(set => set.Name.Length), 8);
        if (Screen.Width >= nameWidth + TableWidth)
        {
            PrintTable(sets, nameWidth);
        }
        else
        {
            PrintList(sets);
        }

        Screen.Line("In brackets: where the figure lies with 95 % confidence.");
        Screen.Line();
        PrintDistributions(sets, threshold, nameWidth);
        if (skipped > 0)
        {
            Screen.Line($"Skipped {Counted.Of(skipped, "picture")} that could not be read.");
        }
    }

    private static void PrintTable(IReadOnlyList<SetResult> sets, int nameWidth)
    {
        Screen.Line($"[bold]{"set".PadRight(nameWidth)}  pictures  cosine 5 %  50 %  95 %   AUROC               FPR@95TPR           accepted[/]");
        foreach (var set in sets)
        {
            Screen.Line($"{Markup.Escape(set.Name.PadRight(nameWidth))}  {set.Count,8}  {set.CosinePercentile5,10:f2} {set.CosineMedian,5:f2} {set.CosinePercentile95,5:f2}   "
                + $"{Figure(set.Auroc, set.Intervals.Auroc),-20}{Figure(set.FprAt95Tpr, set.Intervals.FprAt95Tpr),-20}{Accepted(set)}");
        }
    }

    /// <summary>The same for narrow terminals.</summary>
    private static void PrintList(IReadOnlyList<SetResult> sets)
    {
        foreach (var set in sets)
        {
            Screen.Line($"[bold]{Markup.Escape(set.Name)}[/]: {Counted.Of(set.Count, "picture")}, accepted {Accepted(set)}");
            Screen.Line(FormattableString.Invariant($"cosine 5 % {set.CosinePercentile5:f2}, 50 % {set.CosineMedian:f2}, 95 % {set.CosinePercentile95:f2}"), indent: 2);
            if (set.Role == SetRole.Negative)
            {
                Screen.Line($"AUROC {Figure(set.Auroc, set.Intervals.Auroc)}", indent: 2);
                Screen.Line($"FPR@95TPR {Figure(set.FprAt95Tpr, set.Intervals.FprAt95Tpr)}", indent: 2);
            }
        }
    }

    private static void PrintDistributions(IReadOnlyList<SetResult> sets, float threshold, int nameWidth)
    {
        const double High = 1;
        var bins = Math.Clamp(Screen.Width - nameWidth - 3, 10, MostBins);
        var low = Math.Min(Math.Floor(Math.Min(sets.Min(set => set.Cosines.Min()), threshold) * 10) / 10, High - 0.1);
        foreach (var set in sets)
        {
            var counts = Histogram.Of(set.Cosines, low, High, bins);
            var highest = counts.Max();
            var line = string.Concat(counts.Select(count => Blocks[(int)Math.Ceiling((double)count / highest * (Blocks.Length - 1))]));
            Screen.Line($"{Markup.Escape(set.Name.PadRight(nameWidth))}  {line}");
        }

        var at = Math.Clamp((int)((threshold - low) / (High - low) * bins), 0, bins - 1);
        var label = FormattableString.Invariant($"accepted from {threshold:f3} on");
        Screen.Line(nameWidth + at + label.Length + 5 < Screen.Width
            ? $"{new string(' ', nameWidth + 2 + at)}▲ {label}"
            : $"{label} ▲".PadLeft(nameWidth + 3 + at));
        Screen.Line($"{new string(' ', nameWidth + 2)}{low.ToString("f1", System.Globalization.CultureInfo.InvariantCulture).PadRight(bins - 3)}1.0");
    }

    private static string Figure(double value, double[] bounds) =>
        double.IsNaN(value) ? "" : FormattableString.Invariant($"{value:f3} ({bounds[0]:f3}–{bounds[1]:f3})");

    private static string Accepted(SetResult set) =>
        FormattableString.Invariant($"{100 * set.AcceptRate:f1} % ({100 * set.Intervals.AcceptRate[0]:f0}–{100 * set.Intervals.AcceptRate[1]:f0})");
}
