using Spectre.Console;
using Trainer.Core.Evaluation;
using Trainer.Core.Metrics;
using Trainer.Core.Wording;

namespace Trainer.Terminal.Results;

/// <summary>The result of an evaluation as a table, and the distributions as lines of blocks over one axis.</summary>
internal static class EvaluationTable
{
    private const int MostBins = 44;
    private const int TableWidth = 105; // of the columns behind the name
    private const string Blocks = " ▁▂▃▄▅▆▇█";

    public static void Print(IReadOnlyList<SetResult> sets, float threshold, int skipped)
    {
        var nameWidth = Math.Max(sets.Max(set => set.Name.Length), 8);
        var decimals = CosineText.Decimals(threshold, sets.SelectMany(set => new[] { set.CosinePercentile5, set.CosineMedian, set.CosinePercentile95 }), least: 2);
        if (Screen.Width >= nameWidth + TableWidth)
        {
            PrintTable(sets, nameWidth, decimals);
        }
        else
        {
            PrintList(sets, decimals);
        }

        Screen.Line("In brackets: where the figure lies with 95 % confidence.");
        Screen.Line();
        PrintDistributions(sets, threshold, nameWidth);
        if (skipped > 0)
        {
            Screen.Line($"Skipped {Counted.Of(skipped, "picture")} that could not be read.");
        }
    }

    private static void PrintTable(IReadOnlyList<SetResult> sets, int nameWidth, int decimals)
    {
        var width = decimals + 3; // a sign, a digit, a point
        string Column(string text) => text.PadLeft(width);
        string Cosine(double cosine) => Column(CosineText.Of(cosine, decimals));
        Screen.Line($"[bold]{"set".PadRight(nameWidth)}  pictures  cosine 5 % {Column("50 %")} {Column("95 %")}   AUROC               FPR@95TPR           accepted[/]");
        foreach (var set in sets)
        {
            Screen.Line($"{Markup.Escape(set.Name.PadRight(nameWidth))}  {set.Count,8}  {Cosine(set.CosinePercentile5),10} {Cosine(set.CosineMedian)} {Cosine(set.CosinePercentile95)}   "
                + $"{Figure(set.Auroc, set.Intervals.Auroc),-20}{Figure(set.FprAt95Tpr, set.Intervals.FprAt95Tpr),-20}{Accepted(set)}");
        }
    }

    /// <summary>The same for narrow terminals.</summary>
    private static void PrintList(IReadOnlyList<SetResult> sets, int decimals)
    {
        string Cosine(double cosine) => CosineText.Of(cosine, decimals);
        foreach (var set in sets)
        {
            Screen.Line($"[bold]{Markup.Escape(set.Name)}[/]: {Counted.Of(set.Count, "picture")}, accepted {Accepted(set)}");
            Screen.Line($"cosine 5 % {Cosine(set.CosinePercentile5)}, 50 % {Cosine(set.CosineMedian)}, 95 % {Cosine(set.CosinePercentile95)}", indent: 2);
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

    private static string Accepted(SetResult set)
    {
        var (low, high) = Hundredths.Around(set.Intervals.AcceptRate[0], set.Intervals.AcceptRate[1]);
        return FormattableString.Invariant($"{100 * set.AcceptRate:f1} % ({low}–{high})");
    }
}
