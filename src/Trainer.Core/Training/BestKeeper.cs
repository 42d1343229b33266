using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Runs;
using Trainer.Core.Validation;

namespace Trainer.Core.Training;

/// <summary>Validates, and keeps the best gate so far with its centroid and gate.json beside it, before the run's state counts it as done.</summary>
internal sealed class BestKeeper(RunFolder folder, TrainingPlan plan, GateMaker maker, Updater updater)
{
    private readonly TrainingOptions options = plan.Options;

    /// <summary>Measures the gate at the end of an epoch, and saves it and the state.</summary>
    /// <param name="keeper">At the end of the epoch; afterwards at the beginning of the next.</param>
    public Validated ValidateAndSave(StateKeeper keeper, MetricsLog log, CancellationToken cancel)
    {
        var result = Calibrate(cancel);
        var state = keeper.State;
        var isBest = state.Best is null || result.Reaches(state.Best.Bar);
        var gate = new Checkpoint(state.Epoch, state.Step, result.Centroid, result.Threshold, plan.Record.Options.ToString()) { HeldOut = result.HeldOut };
        var found = ValidationLine.Of(result, state.Epoch, state.Step, isBest);
        log.Add(found);
        keeper.State = state.NextEpoch() with
        {
            MetricsLines = log.Lines,
            Plateau = IsFullSize(state.Epoch) ? Plateau.After(state.Plateau, result) : null,
            Best = isBest ? new BestSoFar(state.Epoch, result.Bar, result.Threshold) : state.Best,
        };
        if (isBest)
        {
            keeper.SaveBest(gate);
            AtomicFile.WriteText(folder.Embedding, EmbeddingText.Format(result.Centroid.Values));
            GateFile.Write(folder.Gate, gate, found, plan.Record.StartWeights);
        }

        keeper.Save(gate); // the last: who is stopped before it does the validation again, and comes to the same
        return Validated.Of(found);
    }

    /// <summary>Smaller pictures come first where there are any; until the full size has been trained on, the gate can't have settled.</summary>
    private bool IsFullSize(int epoch) => PictureSize.At(epoch, options.Epochs, options.SmallFirst) == Preprocessing.ImageSize;

    private ValidationResult Calibrate(CancellationToken cancel)
    {
        using var _ = updater.UseBlend();
        return maker.Make(cancel);
    }
}
