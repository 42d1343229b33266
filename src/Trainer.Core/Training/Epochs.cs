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
    /// <exception cref="OperationCanceledException">One of the ranks was asked to stop; all have done the same step last.</exception>
    public void Train(StateKeeper keeper, Journal journal, CancellationToken cancel)
    {
        learner.Network.train();
        if (!plan.Start.IsRandom)
        {
            BatchNorms.Freeze(learner.Network);
        }

        var clock = Stopwatch.StartNew();
        var total = pictures.StepsInEpoch * options.Epochs;
        var (chunks, images) = (0, 0.0);
        double Share(int step) => LearningRate.Share(options.Schedule, step, total);
        using var sums = new StepSums(learner.Updater.Gradients, learner.Network, options.ChunksInStep(), plan.Ranks);
        foreach (var chunk in pictures.Batches(keeper.State, plan.Portions.Within(cancel)))
        {
            sums.Add(chunk.Images.Count > 0 ? Backward(chunk) : 0, chunk.Images.Count / (float)pictures.ChunkSize);
            if (++chunks % pictures.ChunksPerStep != 0)
            {
                continue;
            }

            var (epoch, step, stepInEpoch) = (keeper.State.Epoch, keeper.State.Step, keeper.State.StepInEpoch);
            var done = sums.Finish(stops: cancel.IsCancellationRequested);
            if (done.Chunks == 0)
            {
                throw TooFew();
            }

            if (!float.IsFinite(done.Loss))
            {
                throw NonFiniteLoss.Of(
                    done.Loss, keeper.State, options.Chunk == 0 ? chunk.Images : pictures.PicturesOf(keeper.State), options);
            }

            learner.Updater.Step(step, Share(step));
            sums.Begin();
            images += done.Chunks * pictures.ChunkSize;
            journal.Tell(new StepDone(
                epoch, step, stepInEpoch, pictures.StepsInEpoch, Math.Max(total - step - 1, 0), done.Loss, options.Lr * Share(step),
                images / clock.Elapsed.TotalSeconds));
            keeper.State = keeper.State.AfterStep(done.Loss, chunk.End) with { MetricsLines = journal.Log.Lines };
            keeper.SaveIfDue();
            if (done.Stops)
            {
                throw new OperationCanceledException(cancel);
            }
        }

        var state = keeper.State;
        if (state.StepInEpoch == 0)
        {
            throw TooFew();
        }

        var seconds = clock.Elapsed.TotalSeconds;
        journal.Tell(new EpochDone(
            state.Epoch, options.Epochs, state.LossSum / state.StepInEpoch, options.Lr * Share(state.Step - 1), images / seconds, seconds));
        keeper.State = state with { IsTrained = true, MetricsLines = journal.Log.Lines };
    }

    /// <summary>Adds a chunk's gradients to those of all that learns.</summary>
    /// <returns>Its mean loss.</returns>
    private float Backward(Batch chunk)
    {
        using var scope = NewDisposeScope(); // every tensor made below dies here
        using var pass = new TrainingPass(learner.Network);
        var images = chunk.ImagesOn(plan.Device);                                                                      // [N, 3, E, E]
        var input = learner.Loss.TakesFeatures ? pass.Describe(images) : pass.Forward(images);                         // [N, F] or [N, D]
        var value = learner.Loss.Loss(input, chunk.LabelsOn(plan.Device), chunk.PhotosOn(plan.Device));                 // []
        pass.Backward(value);
        return value.item<float>(); // waits for the device: once a chunk, no more
    }

    private TrainerException TooFew() =>
        new(
        $"Of the {pictures.StepsInEpoch * pictures.BatchSize} training pictures of an epoch too few can be read for one batch of "
        + $"{pictures.BatchSize}. "
        + "The skipped files and their reasons are listed above.");
}
