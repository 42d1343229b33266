using System.Diagnostics;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using static TorchSharp.torch;

namespace Trainer.Core.Training;

/// <summary>Shows the network an epoch's pictures, step by step.</summary>
internal sealed class Epochs(
    TrainingOptions options,
    EpochSampler sampler,
    Palettes palettes,
    BatchLoader loader,
    EmbeddingNetwork network,
    bool startsRandom,
    IGateLoss loss,
    Updater updater,
    Device device)
{
    private const ulong AugmentationPurpose = 0x41554758; // "AUGX": keeps these numbers apart from the sampler's

    private int StepsInEpoch => Math.Max(sampler.EpochSize / options.Batch, 1);

    /// <summary>One epoch.</summary>
    /// <param name="step">Updates before it.</param>
    /// <returns>Updates after it.</returns>
    public int Train(int epoch, int step, Action<TrainingEvent> tell, CancellationToken cancel)
    {
        network.train();
        if (!startsRandom)
        {
            BatchNorms.Freeze(network);
        }

        var clock = Stopwatch.StartNew();
        var total = StepsInEpoch * options.Epochs;
        int stepInEpoch = 0, images = 0;
        double losses = 0, rate = 0;
        foreach (var batch in Batches(epoch, cancel))
        {
            var share = LearningRate.Share(options.Schedule, step, total);
            rate = options.Lr * share;
            var value = Update(batch, step, share);
            losses += value;
            images += batch.Images.Count;
            tell(new StepDone(epoch, step, stepInEpoch, StepsInEpoch, Math.Max(total - step - 1, 0), value, rate, images / clock.Elapsed.TotalSeconds));
            step++;
            stepInEpoch++;
        }

        if (stepInEpoch == 0)
        {
            throw new TrainerException($"Of the {sampler.EpochSize} training pictures too few can be read for one batch of {options.Batch}. "
                + "The skipped files and their reasons are listed above.");
        }

        var seconds = clock.Elapsed.TotalSeconds;
        tell(new EpochDone(epoch, options.Epochs, losses / stepInEpoch, rate, images / seconds, seconds));
        return step;
    }

    private IEnumerable<Batch> Batches(int epoch, CancellationToken cancel)
    {
        var edge = PictureSize.At(epoch, options.Epochs, options.SmallFirst);
        return loader.LoadForTraining(
            sampler.Epoch(epoch),
            (image, position, picture) => Augmentation.ToInput(
                picture,
                options.Augmentation,
                new CounterRandom((ulong)options.Seed, AugmentationPurpose, (ulong)epoch, (ulong)position),
                palettes.For(image.Label, epoch, position),
                options.LeastArea,
                edge),
            dropLast: sampler.EpochSize >= options.Batch, // a small last batch upsets batch norm; a single one is better than none
            cancel);
    }

    private double Update(Batch batch, int step, double share)
    {
        using var scope = NewDisposeScope(); // every tensor made below dies here
        var embeddings = network.forward(batch.ImagesOn(device)); // [N, D]
        var value = loss.Loss(embeddings, batch.LabelsOn(device)); // []
        updater.Step(value, step, share);
        return value.item<float>(); // waits for the device: once a step, no more
    }
}
