using Trainer.Core.Gates;

namespace Trainer.Core.Runs;

/// <summary>The state of a run apart from its tensors. With both, a run resumes as if it had never stopped.</summary>
/// <remarks>No random generator's state is needed, because random choices follow from (seed, epoch, position).</remarks>
/// <param name="Epoch">The current epoch, or the next one if none has begun; 0-based.</param>
/// <param name="Step">Number of updates so far.</param>
/// <param name="StepInEpoch">Number of updates so far in the epoch.</param>
/// <param name="Position">Index of the next picture in the epoch's sequence; runs ahead of the steps if pictures were skipped.</param>
/// <param name="LossSum">Sum of the losses of the epoch's steps so far.</param>
/// <param name="IsTrained">True when the epoch's steps are done and reported, but its validation isn't.</param>
/// <param name="MetricsLines">Number of lines in metrics.jsonl that belong to the training done so far.</param>
/// <param name="Best">The best validation so far; null before the first.</param>
internal sealed record RunState(
    int Epoch, int Step, int StepInEpoch, int Position, double LossSum, bool IsTrained, int MetricsLines, BestSoFar? Best)
{
    /// <summary>The state before the first step.</summary>
    public static RunState Start { get; } = new(0, 0, 0, 0, 0, IsTrained: false, 0, Best: null);

    /// <summary>The state after one more update.</summary>
    /// <param name="position">Index after the last picture of the update's batch.</param>
    public RunState AfterStep(double loss, int position) =>
        this with { Step = Step + 1, StepInEpoch = StepInEpoch + 1, Position = position, LossSum = LossSum + loss };

    /// <summary>The state before the first step of the next epoch.</summary>
    public RunState NextEpoch() => this with { Epoch = Epoch + 1, StepInEpoch = 0, Position = 0, LossSum = 0, IsTrained = false };
}

/// <summary>What a run keeps of its best validation to judge later ones by.</summary>
/// <param name="Epoch">Index of the best validation's epoch, 0-based.</param>
/// <param name="Bar">AUROC that a later gate must reach to replace this one; NaN when nothing could be compared.</param>
internal sealed record BestSoFar(int Epoch, double Bar, Threshold Threshold);
