using Trainer.Core.Metrics;

namespace Trainer.Core.Evaluation;

/// <summary>How well start weights that nobody trained tell the subject apart, without this project's head: what a gate has to be better than.</summary>
/// <param name="Name">How they decide.</param>
/// <param name="Sets">Against each set of negatives.</param>
public sealed record Baseline(string Name, IReadOnlyList<BaselineFigure> Sets);

/// <summary>A baseline beside the gate, on one set of negatives.</summary>
/// <param name="Set">Its name.</param>
/// <param name="Auroc">Of the baseline, 0 to 1.</param>
/// <param name="GateAuroc">Of the gate, on the same pictures.</param>
/// <param name="Lead">By how much the gate's is higher, with 95 % confidence: lower and upper bound, by bootstrap over the same pictures.</param>
public sealed record BaselineFigure(string Set, double Auroc, double GateAuroc, double[] Lead)
{
    /// <summary>True where the baseline tells the set apart better than the gate, beyond chance.</summary>
    public bool IsBetter => Lead[1] < 0;

    internal static BaselineFigure Of(string set, (float[] Normals, float[] Negatives) gate, (float[] Normals, float[] Negatives) baseline)
    {
        var (low, high) = Bootstrap.IntervalOfDifference(gate, baseline, Metrics.Auroc.Of);
        return new(set, Metrics.Auroc.Of(baseline.Normals, baseline.Negatives), Metrics.Auroc.Of(gate.Normals, gate.Negatives), [low, high]);
    }
}
