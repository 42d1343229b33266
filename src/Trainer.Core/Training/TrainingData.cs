using Trainer.Core.Batching;
using Trainer.Core.Catalog;

namespace Trainer.Core.Training;

/// <summary>The pictures of a run in their parts.</summary>
/// <param name="Fingerprint">Changes when any picture is added, removed or changed.</param>
public sealed record TrainingData(PartSplit Normals, PartSplit Negatives, string Fingerprint)
{
    /// <summary>More calibration or test negatives than this tell nothing new, and each validation would wait for them.</summary>
    private const int MaxHeldOutNegatives = 1000;

    private const int FewestNormals = 3;

    /// <summary>Lists and splits the folders.</summary>
    /// <param name="skipped">Takes what can't be opened.</param>
    /// <exception cref="TrainerException">A folder is missing or empty, or there are too few pictures to split.</exception>
    public static TrainingData Scan(TrainingOptions options, SkippedFiles skipped)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(skipped);
        var normals = Images(options.Normal);
        var negatives = Images(options.Coco);
        if (normals.Count < FewestNormals)
        {
            throw new TrainerException(
                $"'{options.Normal}' holds {normals.Count} pictures; at least {FewestNormals} are needed to train, calibrate and test, and 100 or more to trust the result.");
        }

        return new TrainingData(
            options.ValidNormal is { } folder ? PartSplit.WithValidation(normals, Images(folder)) : PartSplit.ByContent(normals),
            options.ValidCoco is { } coco ? PartSplit.WithValidation(negatives, Images(coco)) : PartSplit.ByContent(negatives, MaxHeldOutNegatives),
            DataFingerprint.Of(normals, negatives));

        IReadOnlyList<ImageEntry> Images(string path)
        {
            var scan = ImageFolder.Scan(path);
            foreach (var file in scan.Skipped)
            {
                skipped.Add(file);
            }

            return scan.Images;
        }
    }
}
