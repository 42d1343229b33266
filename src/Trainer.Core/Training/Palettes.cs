using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Runs;

namespace Trainer.Core.Training;

/// <summary>The colours of the training pictures, to be swapped between the subject and the rest, so that colour alone tells nothing.</summary>
/// <remarks>A subject photographed in the field is green; without this, a small network learns "green" and lets every leaf through.</remarks>
internal sealed class Palettes
{
    private const int MostPictures = 300; // more colours than that teach nothing new, and all are read before the first step
    private const ulong Purpose = 0x50414C45; // "PALE"

    private readonly Palette[] normals;
    private readonly Palette[] negatives;
    private readonly TrainingOptions options;

    public Palettes(TrainingData data, TrainingOptions options, BatchLoader loader, CancellationToken cancel)
    {
        this.options = options;
        normals = options.RecolourNegatives > 0 ? Read(data.Normals.Train, loader, cancel) : [];
        negatives = options.RecolourNormals > 0 ? Read(data.Negatives.Train, loader, cancel) : [];
    }

    /// <summary>The colours that a picture gets in an epoch; null where it keeps its own.</summary>
    public Palette? For(int label, int epoch, int position)
    {
        var random = new CounterRandom((ulong)options.Seed, Purpose, (ulong)epoch, (ulong)position);
        var (share, palettes) = label == Labels.Normal ? (options.RecolourNormals, negatives) : (options.RecolourNegatives, normals);
        return palettes.Length > 0 && random.NextDouble() < share ? palettes[random.Next(palettes.Length)] : null;
    }

    private static Palette[] Read(IReadOnlyList<ImageEntry> images, BatchLoader loader, CancellationToken cancel)
    {
        var evenly = images.Where((_, i) => (long)i * MostPictures / images.Count != (long)(i - 1) * MostPictures / images.Count || i == 0);
        return
        [
            .. loader.Load(evenly, cancel).SelectMany(batch => batch.Pixels.Chunk(batch.Pixels.Length / batch.Images.Count)).Select(pixels => Palette.Of(pixels)),
        ];
    }
}
