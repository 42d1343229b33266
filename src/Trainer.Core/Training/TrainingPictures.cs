using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Runs;

namespace Trainer.Core.Training;

/// <summary>What training shows: each epoch's pictures in their order, varied; a pure function of (seed, epoch, position).</summary>
internal sealed class TrainingPictures
{
    private const ulong AugmentationPurpose = 0x41554758; // "AUGX": keeps these numbers apart from the sampler's

    private readonly TrainingOptions options;
    private readonly EpochSampler sampler;
    private readonly Palettes palettes;
    private readonly CutOuts cutOuts;
    private readonly BatchLoader loader;

    /// <param name="loader">Makes batches of the plan's size.</param>
    /// <param name="reader">Of pictures beside those of a batch.</param>
    public TrainingPictures(TrainingPlan plan, BatchLoader loader, CachedReader reader, CancellationToken cancel)
    {
        options = plan.Options;
        this.loader = loader;
        sampler = new EpochSampler(plan.Data.Normals.Train, plan.Data.Negatives.Train, (ulong)options.Seed);
        palettes = new Palettes(plan.Data, options, loader, cancel);
        cutOuts = new CutOuts(plan.Data.Negatives.Train, options, reader);
    }

    /// <summary>Pictures in an epoch.</summary>
    public int EpochSize => sampler.EpochSize;

    /// <summary>Batches in an epoch; where some of the pictures can't be read, there may be fewer.</summary>
    public int StepsInEpoch => Math.Max(EpochSize / options.Batch, 1);

    /// <summary>The batches that are left of the epoch.</summary>
    public IEnumerable<Batch> Batches(RunState state, CancellationToken cancel)
    {
        var edge = PictureSize.At(state.Epoch, options.Epochs, options.SmallFirst);
        return loader.LoadForTraining(
            sampler.Epoch(state.Epoch),
            (image, position, picture) => cutOuts.Apply(Varied(image, position, picture), edge, state.Epoch, position),
            dropLast: EpochSize >= options.Batch, // a small last batch upsets batch norm; a single one is better than none
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
}
