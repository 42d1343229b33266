using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Gates;

namespace Trainer.Core.Validation;

/// <summary>The pictures that could be read, and their embeddings in the same order.</summary>
public sealed record EmbeddedImages(IReadOnlyList<ImageEntry> Images, EmbeddingSet Embeddings);

/// <summary>Embeds folders of pictures and measures the gate on them.</summary>
/// <param name="size">D, the length of an embedding.</param>
public sealed class Validator(IEmbedder embedder, BatchLoader loader, int size)
{
    /// <summary>Embeds the pictures that decode.</summary>
    public EmbeddedImages Embed(IReadOnlyList<ImageEntry> images, IProgress<int>? done = null, CancellationToken cancel = default)
    {
        var read = new List<ImageEntry>();
        var embeddings = new List<EmbeddingSet>();
        foreach (var batch in loader.Load(images, cancel))
        {
            embeddings.Add(embedder.Embed(batch));
            read.AddRange(batch.Images.Select(i => i.Image));
            done?.Report(read.Count);
        }

        return new EmbeddedImages(read, EmbeddingSet.Concat(embeddings, size));
    }

    /// <summary>Sets centroid and threshold by the calibration normals, and measures both calibration sets.</summary>
    /// <param name="acceptRate">What the threshold promises, above 0, at most 1.</param>
    /// <exception cref="TrainerException">None of the normals can be read.</exception>
    public ValidationResult Calibrate(
        IReadOnlyList<ImageEntry> normals, IReadOnlyList<ImageEntry> negatives, double acceptRate, CancellationToken cancel = default)
    {
        var embedded = Embed(normals, cancel: cancel).Embeddings;
        if (embedded.Count == 0)
        {
            throw new TrainerException($"None of the {normals.Count} calibration normals can be read, so there is no centroid. The skipped files and reasons are listed above.");
        }

        var centroid = Centroid.Of(embedded);
        var cosines = Centroid.LeaveOneOutCosines(embedded);
        return ValidationResult.Of(
            centroid, Threshold.Calibrate(cosines, acceptRate), cosines, centroid.Cosines(Embed(negatives, cancel: cancel).Embeddings));
    }
}
