using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Fitting;
using Trainer.Core.Gates;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Networks;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Wording;

namespace Trainer.Core.Training;

/// <summary>
/// Sets the centroid and threshold of a complete run again, for another promised accept rate or with other photos. The network stays
/// unchanged.
/// </summary>
public static class Recalibration
{
    /// <summary>Number of views that are computed for these numbers of pictures, which is the total for the progress.</summary>
    public static int ViewsOf(TrainedGate gate, int normals, int negatives)
    {
        ArgumentNullException.ThrowIfNull(gate);
        return (normals * (IsClosedForm(gate) ? 1 : Variations.Count)) + negatives;
    }

    /// <summary>The photos of the subject that set the run's own threshold and that still exist.</summary>
    /// <param name="tell">Called with a sentence when some of the calibration part no longer exist.</param>
    /// <exception cref="TrainerException">A folder doesn't exist, or none of the calibration part exists any more.</exception>
    public static IReadOnlyList<ImageEntry> OwnNormals(RunFolder folder, TrainedGate gate, Action<string> tell)
    {
        ArgumentNullException.ThrowIfNull(gate);
        var calibration = RunPictures.CalibrationPart(folder, SetLabel.Normal, tell);
        return IsClosedForm(gate)
            ? [.. calibration,
            .. RunParts.Find(folder, SetLabel.Normal).Train.Where(photo => gate.Checkpoint.HeldOut.ContainsKey(photo.ContentKey))]
            : calibration;
    }

    private static bool IsClosedForm(TrainedGate gate) => gate.Network.Kind == FeatureKind.Depths;

    /// <summary>
    /// Measures the best checkpoint's gate, and writes the result to best.ckpt, embedding.txt and gate.json. Entries of earlier exports are
    /// dropped from gate.json.
    /// </summary>
    /// <param name="gate">The gate of the run's best checkpoint.</param>
    /// <param name="normals">Photos of the subject that set the centroid and the threshold.</param>
    /// <param name="negatives">Ordinary photos, of which only the accepted share is measured; may be empty.</param>
    /// <param name="acceptRate">The accept rate that the threshold promises; above 0, at most 1.</param>
    /// <param name="progress">Called with the number of pictures done so far and the total.</param>
    /// <exception cref="TrainerException">The run isn't complete, another program writes to it, or none of the normals can be
    /// read.</exception>
    public static (Threshold Threshold, ValidationLine Found) Write(
        RunFolder folder,
        TrainedGate gate,
        BatchLoader loader,
        IReadOnlyList<ImageEntry> normals,
        IReadOnlyList<ImageEntry> negatives,
        double acceptRate,
        Action<int, int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(gate);
        using var taken = RunLock.Take(folder);
        if (File.Exists(folder.PreviousCheckpoint))
        {
            throw new TrainerException(
                $"The run in '{folder.Path}' isn't complete, and would set its threshold by its own --accept again. Go on with it first: "
                + $"trainer train --resume {folder.Path}");
        }

        var record = folder.ReadRecord();
        var result = IsClosedForm(gate)
            ? ByCosines(gate, loader, normals, negatives, acceptRate, progress)
            : new Validator(gate.Embedder, loader, progress).Calibrate(normals, negatives, acceptRate);
        var found = gate.Checkpoint with { Centroid = result.Centroid, Threshold = result.Threshold, Nearness = result.Nearness };
        var line = ValidationLine.Of(result, found.Epoch, found.Step, best: true);
        CheckpointFile.ReplaceGate(folder.BestCheckpoint, found);
        AtomicFile.WriteText(folder.Embedding, EmbeddingText.Format(found.Centroid.Values));
        GateFile.Write(folder.Gate, found, line, record.StartWeights);
        return (found.Threshold, line);
    }

    /// <summary>
    /// Sets the threshold of a closed-form gate, which keeps its head. Photos that the head was computed from are judged by heads without
    /// them: see <see cref="TrainedGate.Cosines"/>.
    /// </summary>
    private static ValidationResult ByCosines(
        TrainedGate gate, BatchLoader loader, IReadOnlyList<ImageEntry> normals, IReadOnlyList<ImageEntry> negatives, double acceptRate,
        Action<int, int>? progress)
    {
        var done = 0;
        float[] Cosines(IReadOnlyList<ImageEntry> images) =>
        [
            .. loader.Load(images).SelectMany(batch =>
            {
                progress?.Invoke(done += batch.Images.Count, ViewsOf(gate, normals.Count, negatives.Count));
                return gate.Cosines(batch);
            }),
        ];
        var (ofNormals, ofNegatives) = (Cosines(normals), Cosines(negatives));
        if (ofNormals.Length == 0)
        {
            throw new TrainerException(
                $"None of the calibration normals can be read ({Counted.Of(normals.Count, "file")}), so there is no threshold. The skipped "
                + "files and reasons are listed above.");
        }

        var result = ValidationResult.Of(
            gate.Checkpoint.Centroid, ClosedFormHead.ThresholdOf(ofNormals, acceptRate), ofNormals, ofNegatives);
        // few photos place nothing, and the head is the same
        return result with { HeldOut = gate.Checkpoint.HeldOut, Nearness = result.Nearness ?? gate.Nearness };
    }
}
