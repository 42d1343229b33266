using Trainer.Core.Metrics;

namespace Trainer.Core.Evaluation;

/// <summary>
/// How well untrained start weights tell the subject apart, without this project's head. A gate has to do better than this.
/// </summary>
/// <param name="Name">How the baseline decides.</param>
/// <param name="Sets">Its figures, one for each set of negatives.</param>
public sealed record Baseline(string Name, IReadOnlyList<BaselineFigure> Sets);

/// <summary>Compares a baseline with the gate on one set of negatives.</summary>
/// <param name="Set">Name of the set of negatives.</param>
/// <param name="Auroc">The baseline's AUROC, 0 to 1.</param>
/// <param name="GateAuroc">The gate's AUROC on the same pictures, 0 to 1.</param>
/// <param name="Lead">
/// Lower and upper bound, at 95 % confidence, of how much higher the gate's AUROC is; by bootstrap over the same pictures.
/// </param>
public sealed record BaselineFigure(string Set, double Auroc, double GateAuroc, double[] Lead)
{
    /// <summary>True where the baseline tells the set apart better than the gate, beyond chance.</summary>
    public bool IsBetter => Lead[1] < 0;

    internal static BaselineFigure Of(string set, (float[] Normals, float[] Negatives) gate, (float[] Normals, float[] Negatives) baseline)
    {
        var (low, high) = Bootstrap.IntervalOfDifference(gate, baseline, Metrics.Auroc.Of);
        return new(set, Metrics.Auroc.Of(baseline.Normals, baseline.Negatives), Metrics.Auroc.Of(gate.Normals, gate.Negatives),
            [low, high]);
    }
}
