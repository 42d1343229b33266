using Trainer.Core.Gates;

namespace Trainer.Core.Runs;

/// <summary>Where a run is, beside what its tensors hold: with both it goes on as if it had never stopped.</summary>
/// <remarks>There is no generator's state: random choices follow from (seed, epoch, position).</remarks>
/// <param name="Epoch">0-based epoch that is under way, or about to begin.</param>
/// <param name="Step">Updates so far.</param>
/// <param name="StepInEpoch">Updates so far in the epoch.</param>
/// <param name="Position">Index in the epoch's sequence of the next picture; more than steps tell, where pictures were skipped.</param>
/// <param name="LossSum">Of the epoch's steps so far.</param>
/// <param name="IsTrained">True when the epoch's steps are done, and told, but not its validation.</param>
/// <param name="MetricsLines">Lines of metrics.jsonl that belong to what was done so far.</param>
/// <param name="Best">The best validation so far; null before the first.</param>
internal sealed record RunState(
    int Epoch, int Step, int StepInEpoch, int Position, double LossSum, bool IsTrained, int MetricsLines, BestSoFar? Best)
{
    /// <summary>Before the first step.</summary>
    public static RunState Start { get; } = new(0, 0, 0, 0, 0, IsTrained: false, 0, Best: null);

    /// <summary>After one more update.</summary>
    /// <param name="position">Index behind the last picture of its batch.</param>
    public RunState AfterStep(double loss, int position) =>
        this with { Step = Step + 1, StepInEpoch = StepInEpoch + 1, Position = position, LossSum = LossSum + loss };

    /// <summary>Before the first step of the next epoch.</summary>
    public RunState NextEpoch() => this with { Epoch = Epoch + 1, StepInEpoch = 0, Position = 0, LossSum = 0, IsTrained = false };
}

/// <summary>What a run needs to know of its best validation to judge later ones.</summary>
/// <param name="Epoch">0-based.</param>
/// <param name="Bar">AUROC that a later gate must reach to take its place; NaN when nothing could be compared.</param>
internal sealed record BestSoFar(int Epoch, double Bar, Threshold Threshold);
