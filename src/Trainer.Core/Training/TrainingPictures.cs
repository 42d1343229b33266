using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Runs;

namespace Trainer.Core.Training;

/// <summary>What training shows: each epoch's pictures in their order, varied; a pure function of (seed, epoch, position).</summary>
internal sealed class TrainingPictures
{
    private const ulong AugmentationPurpose = 0x41554758; // "AUGX": keeps these numbers apart from the sampler's

    private readonly TrainingOptions options;
    private readonly IEpochSampler sampler;
    private readonly Palettes palettes;
    private readonly CutOuts cutOuts;
    private readonly BatchLoader loader;

    /// <param name="loader">Makes batches of the sampler's size.</param>
    /// <param name="reader">Of pictures beside those of a batch.</param>
    public TrainingPictures(TrainingPlan plan, IEpochSampler sampler, BatchLoader loader, CachedReader reader, CancellationToken cancel)
    {
        options = plan.Options;
        this.loader = loader;
        this.sampler = sampler;
        palettes = new Palettes(plan.Data, options, loader, cancel);
        cutOuts = new CutOuts(plan.Data.Negatives.Train, options, reader);
    }

    /// <summary>Pictures in a batch.</summary>
    public int BatchSize => sampler.BatchSize;

    /// <summary>Batches in an epoch; where some of the pictures can't be read, there may be fewer.</summary>
    public int StepsInEpoch => sampler.StepsInEpoch;

    /// <summary>The batches that are left of the epoch.</summary>
    public IEnumerable<Batch> Batches(RunState state, CancellationToken cancel)
    {
        var edge = PictureSize.At(state.Epoch, options.Epochs, options.SmallFirst);
        return loader.LoadForTraining(
            sampler.Epoch(state.Epoch),
            options.Gate == GateKind.ClosedForm
                ? (_, position, picture) => PictureView.ToInput(picture, PictureVariation.Retaken, Random(position), edge)
                : (image, position, picture) => cutOuts.Apply(Varied(image, position, picture), edge, state.Epoch, position),
            dropLast: sampler.DropsLast, // a small last batch upsets batch norm; a single one is better than none
            first: state.Position,
            cancel);

        CounterRandom Random(int position) => new((ulong)options.Seed, AugmentationPurpose, (ulong)state.Epoch, (ulong)position);

        byte[] Varied(LabelledImage image, int position, RgbImage picture) => Augmentation.ToInput(
            picture,
            options.Augmentation,
            Random(position),
            cutOuts.KeepsColours(image.Label, state.Epoch, position) ? null : palettes.For(image.Label, state.Epoch, position),
            options.LeastArea,
            edge);
    }
}
