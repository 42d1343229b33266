using Trainer.Core.Evaluation;

namespace Trainer.Terminal.Results;

/// <summary>What the start weights would tell without training and without this project's head, beside the gate.</summary>
internal static class BaselineTable
{
    private const int ColumnWidth = 27;

    public static void Print(IReadOnlyList<Baseline> baselines)
    {
        Screen.Line();
        if (baselines is not [{ Sets: { Count: > 0 } sets }, ..])
        {
            Screen.Line("Baselines need photos of the subject and a set that should be rejected.");
            return;
        }

        var width = Math.Max(sets.Max(set => set.Set.Length), 8);
        Screen.Line($"[bold]{"set".PadRight(width)}  gate    {string.Concat(baselines.Select(baseline => baseline.Name.PadRight(ColumnWidth))).TrimEnd()}[/]");
        for (var i = 0; i < sets.Count; i++)
        {
            Screen.Line($"{Screen.Escape(sets[i].Set.PadRight(width))}  {Rate(sets[i].GateAuroc)}   {string.Concat(baselines.Select(baseline => Cell(baseline.Sets[i])))}".TrimEnd());
        }

        Screen.Line("AUROC of the start weights, without training and without the gate's head; in brackets how far the gate leads, with 95 % confidence.");
        var better = baselines.SelectMany(baseline => baseline.Sets.Where(set => set.IsBetter).Select(set => $"on {Screen.Escape(set.Set)} ({baseline.Name})")).ToArray();
        Screen.Line(better.Length == 0 ? "None of them is better than the gate beyond chance." : $"[bold]Better than the gate:[/] {string.Join(", ", better)}.");
    }

    private static string Cell(BaselineFigure figure) => FormattableString.Invariant($"{Rate(figure.Auroc)} ({figure.Lead[0]:+0.000;-0.000;0.000} to {figure.Lead[1]:+0.000;-0.000;0.000})").PadRight(ColumnWidth);

    private static string Rate(double auroc) => FormattableString.Invariant($"{auroc:f3}");
}
