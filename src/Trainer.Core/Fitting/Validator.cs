using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Gates;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Ranks;
using Trainer.Core.Wording;

namespace Trainer.Core.Fitting;

/// <summary>Computes centroid and threshold for the current network, and measures the resulting gate.</summary>
/// <param name="progress">Called with the number of pictures that are done and the total.</param>
/// <param name="portions">How the pictures are divided among processes; null if this process reads all of them.</param>
internal sealed class Validator(Embedder embedder, BatchLoader loader, Action<int, int>? progress = null, Portions? portions = null)
{
    private readonly Portions portions = portions ?? Portions.Whole;

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
            throw new TrainerException(
                $"None of the calibration normals can be read ({Counted.Of(normals.Count, "file")}), so there is no centroid. The skipped "
                + "files and reasons are listed above.");
        }

        var others = new EmbeddingSet(
            SharedLook.At(negatives, portions, portion => loader.Load(portion.Of(negatives), portions.Within(cancel)).Select(Embed), cancel)
            .Values, Embedder.EmbeddingSize);
        var centroid = Centroid.Of(embedded);
        var cosines = Centroid.LeaveOneOutCosines(embedded);
        return ValidationResult.Of(
            centroid, Threshold.Calibrate(Centroid.LeaveOneOutCosines(embedded, variations, photos), acceptRate, embedded.Count), cosines,
            centroid.Cosines(others));

        PictureNumbers Embed(Batch batch)
        {
            progress?.Invoke(done = Math.Min(done + (batch.Images.Count * portions.Workers), total), total); // the others look at as many
            var found = embedder.Embed(batch);
            return new([.. batch.Images.Select(labelled => labelled.Image)],
                [.. Enumerable.Range(0, found.Count).SelectMany(i => found[i].ToArray())]);
        }
    }

    /// <summary>The embeddings of the photos and of their variations, and the index of each variation's photo.</summary>
    private (EmbeddingSet Photos, EmbeddingSet Variations, int[] Of) EmbedWithVariations(
        IReadOnlyList<ImageEntry> images, Func<Batch, PictureNumbers> embed, CancellationToken cancel)
    {
        var found = SharedLook.At(images, portions, portion => Shown(portion).Select(embed), cancel);
        var (paths, all) = (found.Images.Select(image => image.Path).ToArray(), new EmbeddingSet(found.Values, Embedder.EmbeddingSize));
        var firsts = Enumerable.Range(0, paths.Length).Where(i => i == 0 || paths[i] != paths[i - 1]).ToArray();
        var photo = -1;
        return (all.At(firsts), all, [.. paths.Select((path, i) => i == 0 || path != paths[i - 1] ? ++photo : photo)]);

        IEnumerable<Batch> Shown(Portion portion) => loader.Load(
            images.Take(portion.End).SelectMany(image => Enumerable.Repeat(new LabelledImage(image, Labels.Normal), Variations.Count)),
            (_, position, picture) =>
            Variations.ToInput(picture, position / Variations.Count, position % Variations.Count, loader.Preprocessing.Edge),
            dropLast: false,
            first: portion.Start * Variations.Count,
            portions.Within(cancel));
    }
}
