using Spectre.Console;
using Trainer.Core.Evaluation;
using Trainer.Core.Metrics;
using Trainer.Core.Wording;

namespace Trainer.Terminal.Results;

/// <summary>Prints the results of an evaluation as a table, and the distributions as lines of blocks over one axis.</summary>
internal static class EvaluationTable
{
    private const int MostBins = 44;
    private const string Blocks = " ▁▂▃▄▅▆▇█";

    public static void Print(IReadOnlyList<SetResult> sets, float threshold, int skipped)
    {
        var nameWidth = Math.Max(sets.Max(set => set.Name.Length), 8);
        var decimals = CosineText.Decimals(
            threshold, sets.SelectMany(set => new[] { set.CosinePercentile5, set.CosineMedian, set.CosinePercentile95 }), least: 2);
        Table(sets, decimals).Print();

        Screen.Line("In brackets: the range of the figure with 95 % confidence.");
        Screen.Line();
        PrintDistributions(sets, threshold, nameWidth);
        if (skipped > 0)
        {
            Screen.Line($"Skipped {Counted.Of(skipped, "picture")} that could not be read.");
        }
    }

    private static ResultTable Table(IReadOnlyList<SetResult> sets, int decimals)
    {
        string Cosine(double cosine) => CosineText.Of(cosine, decimals);
        var table = new ResultTable("set", ">pictures", ">cosine 5 %", ">50 %", ">95 %", "AUROC", "FPR@95TPR", "accepted");
        foreach (var set in sets)
        {
            table.Add(
                Screen.Escape(set.Name),
                $"{set.Count}",
                Cosine(set.CosinePercentile5),
                Cosine(set.CosineMedian),
                Cosine(set.CosinePercentile95),
                Figure(set.Auroc, set.Intervals.Auroc),
                Figure(set.FprAt95Tpr, set.Intervals.FprAt95Tpr),
                Accepted(set));
        }

        return table;
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
        Screen.Line(
            $"{new string(' ', nameWidth + 2)}{low.ToString("f1", System.Globalization.CultureInfo.InvariantCulture).PadRight(bins - 3)}1.0");
    }

    private static string Figure(double value, double[] bounds) =>
        double.IsNaN(value) ? "" : FormattableString.Invariant($"{value:f3} ({bounds[0]:f3}–{bounds[1]:f3})");

    private static string Accepted(SetResult set)
    {
        var (low, high) = Hundredths.Around(set.Intervals.AcceptRate[0], set.Intervals.AcceptRate[1]);
        return FormattableString.Invariant($"{100 * set.AcceptRate:f1} % ({low}–{high})");
    }
}
