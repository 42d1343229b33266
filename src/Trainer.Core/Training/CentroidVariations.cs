using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Runs;

namespace Trainer.Core.Training;

/// <summary>How the pictures of a centroid gate are varied: crops and jitter, colours swapped between the subject and the rest, pieces on other ground.</summary>
internal sealed class CentroidVariations
{
    private readonly TrainingOptions options;
    private readonly Palettes palettes;
    private readonly CutOuts cutOuts;

    /// <param name="loader">Reads the pictures whose colours others get.</param>
    /// <param name="reader">Reads the pictures that others are laid on.</param>
    public CentroidVariations(TrainingPlan plan, BatchLoader loader, CachedReader reader, CancellationToken cancel)
    {
        options = plan.Options;
        palettes = new Palettes(plan.Data, options, loader, cancel);
        cutOuts = new CutOuts(plan.Data.Negatives.Train, options, reader);
    }

    /// <summary>The network's input: E · E · 3 bytes.</summary>
    /// <param name="edge">E.</param>
    public byte[] ToInput(LabelledImage image, RgbImage picture, int epoch, int position, CounterRandom random, int edge)
    {
        var palette = cutOuts.KeepsColours(image.Label, epoch, position) ? null : palettes.For(image.Label, epoch, position);
        return cutOuts.Apply(Augmentation.ToInput(picture, options.Augmentation, random, edge, palette, options.LeastArea), edge, epoch, position);
    }
}
