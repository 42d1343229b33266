using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Gates;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Wording;

namespace Trainer.Core.Fitting;

/// <summary>Computes centroid and threshold for the current network, and measures the resulting gate.</summary>
/// <param name="progress">Called with the number of pictures that are done and the total.</param>
internal sealed class Validator(Embedder embedder, BatchLoader loader, Action<int, int>? progress = null)
{
    /// <summary>Computes centroid and threshold from the calibration normals, and measures the gate on both calibration sets.</summary>
    /// <remarks>The threshold is set by <see cref="Variations"/> of each normal; everything else uses the unchanged pictures.</remarks>
    /// <param name="acceptRate">The accept rate that the threshold promises, above 0, at most 1.</param>
    /// <exception cref="TrainerException">None of the normals can be read.</exception>
    public ValidationResult Calibrate(
        IReadOnlyList<ImageEntry> normals, IReadOnlyList<ImageEntry> negatives, double acceptRate, CancellationToken cancel = default)
    {
        var (done, total) = (0, (normals.Count * Variations.Count) + negatives.Count);
        var (embedded, variations, photos) = EmbedWithVariations(normals, Embed, cancel);
        if (embedded.Count == 0)
        {
            throw new TrainerException($"None of the calibration normals can be read ({Counted.Of(normals.Count, "file")}), so there is no centroid. The skipped files and reasons are listed above.");
        }

        var others = EmbeddingSet.Concat([.. loader.Load(negatives, cancel).Select(Embed)], Embedder.EmbeddingSize);
        var centroid = Centroid.Of(embedded);
        var cosines = Centroid.LeaveOneOutCosines(embedded);
        return ValidationResult.Of(
            centroid, Threshold.Calibrate(Centroid.LeaveOneOutCosines(embedded, variations, photos), acceptRate, embedded.Count), cosines, centroid.Cosines(others));

        EmbeddingSet Embed(Batch batch)
        {
            progress?.Invoke(done += batch.Images.Count, total);
            return embedder.Embed(batch);
        }
    }

    /// <summary>The embeddings of the photos and of their variations, and the index of each variation's photo.</summary>
    private (EmbeddingSet Photos, EmbeddingSet Variations, int[] Of) EmbedWithVariations(
        IReadOnlyList<ImageEntry> images, Func<Batch, EmbeddingSet> embed, CancellationToken cancel)
    {
        var shown = images.SelectMany(image => Enumerable.Repeat(new LabelledImage(image, Labels.Normal), Variations.Count));
        var batches = loader.Load(
            shown, (_, position, picture) => Variations.ToInput(picture, position / Variations.Count, position % Variations.Count, loader.Preprocessing.Edge), dropLast: false, cancel: cancel);
        var paths = new List<string>(); // of the variations that could be read
        var all = EmbeddingSet.Concat([.. batches.Select(Embedded)], Embedder.EmbeddingSize);
        var firsts = Enumerable.Range(0, paths.Count).Where(i => i == 0 || paths[i] != paths[i - 1]).ToArray();
        var photo = -1;
        return (all.At(firsts), all, [.. paths.Select((path, i) => i == 0 || path != paths[i - 1] ? ++photo : photo)]);

        EmbeddingSet Embedded(Batch batch)
        {
            paths.AddRange(batch.Images.Select(i => i.Image.Path));
            return embed(batch);
        }
    }
}
