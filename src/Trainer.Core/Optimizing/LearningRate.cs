using Trainer.Core.Runs.Options;

namespace Trainer.Core.Optimizing;

/// <summary>The learning rate as a pure function of the step, so that a resumed run needs no scheduler's state.</summary>
internal static class LearningRate
{
    /// <summary>Linear warm-up to the peak, then half a cosine to the floor.</summary>
    /// <param name="step">0-based.</param>
    /// <param name="warmup">Steps of warm-up; the first is above 0, the last at the peak.</param>
    /// <param name="total">Steps in all; from there on the floor holds.</param>
    public static double At(int step, int warmup, int total, double peak, double floor) => step switch
    {
        _ when step < warmup => peak * (step + 1) / warmup,
        _ when step >= total => floor,
        _ => floor + ((peak - floor) * 0.5 * (1 + Math.Cos(Math.PI * (step - warmup) / (total - warmup)))),
    };

    /// <summary>Share of the peak that a schedule gives at a step, 0 to 1.</summary>
    public static double Share(Schedule schedule, int step, int total) =>
        schedule == Schedule.Constant ? 1 : At(step, warmup: Math.Min(total / 20, 100), total, peak: 1, floor: 0.01);
}
