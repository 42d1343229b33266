using Trainer.Core.Evaluation;

namespace Trainer.Terminal.Results;

/// <summary>A table that compares the gate with the start weights without training and without this project's head.</summary>
internal static class BaselineTable
{
    public static void Print(IReadOnlyList<Baseline> baselines)
    {
        Screen.Line();
        if (baselines is not [{ Sets: { Count: > 0 } sets }, ..])
        {
            Screen.Line("Baselines need photos of the subject and a set that should be rejected.");
            return;
        }

        var table = new ResultTable(["set", ">gate", .. baselines.Select(baseline => baseline.Name)]);
        for (var i = 0; i < sets.Count; i++)
        {
            table.Add([Screen.Escape(sets[i].Set), Rate(sets[i].GateAuroc), .. baselines.Select(baseline => Cell(baseline.Sets[i]))]);
        }

        table.Print();
        Screen.Line("AUROC of the start weights, without training and without the gate's head. In brackets: how far the gate is ahead, "
            + "with 95 % confidence.");
        var better = baselines.SelectMany(
            baseline => baseline.Sets.Where(set => set.IsBetter).Select(set => $"on {Screen.Escape(set.Set)} ({baseline.Name})")).ToArray();
        Screen.Line(better.Length == 0 ? "None of them is better than the gate beyond chance."
            : $"[bold]Better than the gate:[/] {string.Join(", ", better)}.");
    }

    private static string Cell(BaselineFigure figure) =>
        FormattableString.Invariant($"{Rate(figure.Auroc)} ({figure.Lead[0]:+0.000;-0.000;0.000} to {figure.Lead[1]:+0.000;-0.000;0.000})");

    private static string Rate(double auroc) => FormattableString.Invariant($"{auroc:f3}");
}
