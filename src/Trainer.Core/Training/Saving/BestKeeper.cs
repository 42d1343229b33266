using Trainer.Core.Fitting;
using Trainer.Core.Optimizing;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Training.Planning;

namespace Trainer.Core.Training.Saving;

/// <summary>Validates, and keeps the best gate so far with its centroid and gate.json beside it, before the run's state counts it as
/// done.</summary>
internal sealed class BestKeeper(TrainingPlan plan, GateMaker maker, Updater updater)
{
    /// <summary>Measures the gate at the end of an epoch, and saves it and the state.</summary>
    /// <param name="keeper">Holds the state at the end of the epoch, which moves to the beginning of the next.</param>
    public Validated ValidateAndSave(StateKeeper keeper, MetricsLog log, CancellationToken cancel)
    {
        var result = Calibrate(cancel);
        var state = keeper.State;
        var isBest = state.Best is null || result.Reaches(state.Best.Bar);
        var gate = new Checkpoint(state.Epoch, state.Step, result.Centroid, result.Threshold, plan.Record.Options.ToString())
        {
            HeldOut = result.HeldOut,
            Nearness = result.Nearness,
            Preprocessing = plan.Options.Preprocessing,
        };
        var found = ValidationLine.Of(result, state.Epoch, state.Step, isBest);
        log.Add(found);
        keeper.State = state.NextEpoch() with
        {
            MetricsLines = log.Lines,
            Best = isBest ? new BestSoFar(state.Epoch, result.Bar, result.Threshold) : state.Best,
        };
        if (isBest)
        {
            keeper.SaveBest(gate, found);
        }

        keeper.Save(gate); // comes last, so that a run stopped before this point repeats the validation and gets the same result
        return Validated.Of(found);
    }

    private ValidationResult Calibrate(CancellationToken cancel)
    {
        using var _ = updater.UseBlend();
        return maker.Make(cancel);
    }
}
