using System.Diagnostics;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Runs;
using static TorchSharp.torch;

namespace Trainer.Core.Training;

/// <summary>Shows the network an epoch's pictures, step by step.</summary>
internal sealed class Epochs(
    TrainingOptions options,
    EpochSampler sampler,
    Palettes palettes,
    CutOuts cutOuts,
    BatchLoader loader,
    EmbeddingNetwork network,
    bool startsRandom,
    IGateLoss loss,
    Updater updater,
    Device device)
{
    private const ulong AugmentationPurpose = 0x41554758; // "AUGX": keeps these numbers apart from the sampler's

    private int StepsInEpoch => Math.Max(sampler.EpochSize / options.Batch, 1);

    /// <summary>One epoch, or what is left of it.</summary>
    /// <param name="keeper">Where the run is; afterwards at the epoch's end.</param>
    /// <exception cref="TrainerException">The loss is no number any more, or too few pictures can be read.</exception>
    public void Train(StateKeeper keeper, MetricsLog log, Action<TrainingEvent> tell, CancellationToken cancel)
    {
        network.train();
        if (!startsRandom)
        {
            BatchNorms.Freeze(network);
        }

        var clock = Stopwatch.StartNew();
        var total = StepsInEpoch * options.Epochs;
        var images = 0;
        double Share(int step) => LearningRate.Share(options.Schedule, step, total);
        foreach (var batch in Batches(keeper.State, cancel))
        {
            var (epoch, step, stepInEpoch) = (keeper.State.Epoch, keeper.State.Step, keeper.State.StepInEpoch);
            var value = Update(batch, step, Share(step));
            if (!double.IsFinite(value))
            {
                throw NoNumber.Of(value, keeper.State, batch, options);
            }

            images += batch.Images.Count;
            tell(new StepDone(epoch, step, stepInEpoch, StepsInEpoch, Math.Max(total - step - 1, 0), value, options.Lr * Share(step), images / clock.Elapsed.TotalSeconds));
            keeper.State = keeper.State.AfterStep(value, batch.End) with { MetricsLines = log.Lines };
            keeper.SaveIfDue();
        }

        var state = keeper.State;
        if (state.StepInEpoch == 0)
        {
            throw new TrainerException($"Of the {sampler.EpochSize} training pictures too few can be read for one batch of {options.Batch}. "
                + "The skipped files and their reasons are listed above.");
        }

        var seconds = clock.Elapsed.TotalSeconds;
        tell(new EpochDone(state.Epoch, options.Epochs, state.LossSum / state.StepInEpoch, options.Lr * Share(state.Step - 1), images / seconds, seconds));
        keeper.State = state with { IsTrained = true, MetricsLines = log.Lines };
    }

    private IEnumerable<Batch> Batches(RunState state, CancellationToken cancel)
    {
        var edge = PictureSize.At(state.Epoch, options.Epochs, options.SmallFirst);
        return loader.LoadForTraining(
            sampler.Epoch(state.Epoch),
            (image, position, picture) => cutOuts.Apply(Varied(image, position, picture), edge, state.Epoch, position),
            dropLast: sampler.EpochSize >= options.Batch, // a small last batch upsets batch norm; a single one is better than none
            first: state.Position,
            cancel);

        byte[] Varied(LabelledImage image, int position, RgbImage picture) => Augmentation.ToInput(
            picture,
            options.Augmentation,
            new CounterRandom((ulong)options.Seed, AugmentationPurpose, (ulong)state.Epoch, (ulong)position),
            cutOuts.KeepsColours(image.Label, state.Epoch, position) ? null : palettes.For(image.Label, state.Epoch, position),
            options.LeastArea,
            edge);
    }

    private double Update(Batch batch, int step, double share)
    {
        using var scope = NewDisposeScope(); // every tensor made below dies here
        using var pass = new TrainingPass(network);
        var embeddings = pass.Forward(batch.ImagesOn(device)); // [N, D]
        var value = loss.Loss(embeddings, batch.LabelsOn(device)); // []
        pass.Backward(value);
        updater.Step(step, share);
        return value.item<float>(); // waits for the device: once a step, no more
    }
}
