using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Randomness;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Options;

namespace Trainer.Core.Training;

/// <summary>What training shows: each epoch's pictures in their order, varied; a pure function of (seed, epoch, position).</summary>
/// <param name="loader">Makes batches of the sampler's size.</param>
internal sealed class TrainingPictures(TrainingOptions options, IEpochSampler sampler, BatchLoader loader)
{
    private const ulong AugmentationPurpose = 0x41554758; // "AUGX": separates these random numbers from the sampler's

    /// <summary>Pictures in a batch.</summary>
    public int BatchSize => sampler.BatchSize;

    /// <summary>Batches in an epoch; where some of the pictures can't be read, there may be fewer.</summary>
    public int StepsInEpoch => sampler.StepsInEpoch;

    /// <summary>The batches that are left of the epoch.</summary>
    public IEnumerable<Batch> Batches(RunState state, CancellationToken cancel)
    {
        return loader.LoadForTraining(
            sampler.Epoch(state.Epoch),
            (_, position, picture) =>
            {
                var random = new CounterRandom((ulong)options.Seed, AugmentationPurpose, (ulong)state.Epoch, (ulong)position);
                return options.Gate == GateKind.Centroid
                    ? Augmentation.ToInput(picture, options.Augmentation, random, options.Size, options.LeastArea)
                    : PictureView.ToInput(picture, PictureVariation.Retaken, random, options.Size);
            },
            dropLast: sampler.DropsLast, // a small last batch upsets batch norm; a single one is better than none
            first: state.Position,
            cancel);
    }
}
