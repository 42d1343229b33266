using System.Diagnostics;
using Trainer.Core.Batching;
using Trainer.Core.Networks;
using Trainer.Core.Networks.Passes;
using Trainer.Core.Optimizing;
using Trainer.Core.Runs.Options;
using Trainer.Core.Training.Planning;
using Trainer.Core.Training.Saving;
using static TorchSharp.torch;

namespace Trainer.Core.Training;

/// <summary>Trains the network on an epoch's pictures, step by step.</summary>
internal sealed class Epochs(TrainingPlan plan, TrainingPictures pictures, Learner learner)
{
    private readonly TrainingOptions options = plan.Options;

    /// <summary>Trains one epoch, or the rest of one.</summary>
    /// <param name="keeper">Holds the state of the run, which moves to the end of the epoch.</param>
    /// <exception cref="TrainerException">The loss is no number any more, or too few pictures can be read.</exception>
    public void Train(StateKeeper keeper, Journal journal, CancellationToken cancel)
    {
        learner.Network.train();
        if (!plan.Start.IsRandom)
        {
            BatchNorms.Freeze(learner.Network);
        }

        var clock = Stopwatch.StartNew();
        var total = pictures.StepsInEpoch * options.Epochs;
        var images = 0;
        double Share(int step) => LearningRate.Share(options.Schedule, step, total);
        foreach (var batch in pictures.Batches(keeper.State, cancel))
        {
            var (epoch, step, stepInEpoch) = (keeper.State.Epoch, keeper.State.Step, keeper.State.StepInEpoch);
            var value = Update(batch, step, Share(step));
            if (!double.IsFinite(value))
            {
                throw NonFiniteLoss.Of(value, keeper.State, batch, options);
            }

            images += batch.Images.Count;
            journal.Tell(new StepDone(
                epoch, step, stepInEpoch, pictures.StepsInEpoch, Math.Max(total - step - 1, 0), value, options.Lr * Share(step), images / clock.Elapsed.TotalSeconds));
            keeper.State = keeper.State.AfterStep(value, batch.End) with { MetricsLines = journal.Log.Lines };
            keeper.SaveIfDue();
        }

        var state = keeper.State;
        if (state.StepInEpoch == 0)
        {
            throw new TrainerException($"Of the {pictures.StepsInEpoch * pictures.BatchSize} training pictures of an epoch too few can be read for one batch of {pictures.BatchSize}. "
                + "The skipped files and their reasons are listed above.");
        }

        var seconds = clock.Elapsed.TotalSeconds;
        journal.Tell(new EpochDone(state.Epoch, options.Epochs, state.LossSum / state.StepInEpoch, options.Lr * Share(state.Step - 1), images / seconds, seconds));
        keeper.State = state with { IsTrained = true, MetricsLines = journal.Log.Lines };
    }

    private double Update(Batch batch, int step, double share)
    {
        using var scope = NewDisposeScope(); // every tensor made below dies here
        using var pass = new TrainingPass(learner.Network);
        var images = batch.ImagesOn(plan.Device);                                                                      // [N, 3, E, E]
        var input = learner.Loss.TakesFeatures ? pass.Describe(images) : pass.Forward(images);                         // [N, F] or [N, D]
        var value = learner.Loss.Loss(input, batch.LabelsOn(plan.Device), batch.PhotosOn(plan.Device));                 // []
        pass.Backward(value);
        learner.Updater.Step(step, share);
        return value.item<float>(); // waits for the device: once a step, no more
    }
}
