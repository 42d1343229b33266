using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Gates;

namespace Trainer.Core.Validation;

/// <summary>Finds the gate that the network makes possible at a moment, and measures it.</summary>
public sealed class Validator(Embedder embedder, BatchLoader loader)
{
    /// <summary>Sets centroid and threshold by the calibration normals, and measures both calibration sets.</summary>
    /// <param name="acceptRate">What the threshold promises, above 0, at most 1.</param>
    /// <exception cref="TrainerException">None of the normals can be read.</exception>
    public ValidationResult Calibrate(
        IReadOnlyList<ImageEntry> normals, IReadOnlyList<ImageEntry> negatives, double acceptRate, CancellationToken cancel = default)
    {
        var embedded = Embed(normals, cancel);
        if (embedded.Count == 0)
        {
            throw new TrainerException($"None of the calibration normals can be read ({Counted.Of(normals.Count, "file")}), so there is no centroid. The skipped files and reasons are listed above.");
        }

        var centroid = Centroid.Of(embedded);
        var cosines = Centroid.LeaveOneOutCosines(embedded);
        return ValidationResult.Of(
            centroid, Threshold.Calibrate(cosines, acceptRate), cosines, centroid.Cosines(Embed(negatives, cancel)));
    }

    private EmbeddingSet Embed(IReadOnlyList<ImageEntry> images, CancellationToken cancel) =>
        EmbeddingSet.Concat([.. loader.Load(images, cancel).Select(embedder.Embed)], Embedder.EmbeddingSize);
}
