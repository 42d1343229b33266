using Trainer.Core.Gates;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Validation;

namespace Trainer.Core.Training;

/// <summary>Validates, writes the last checkpoint, and keeps the best one with its centroid and gate beside it.</summary>
internal sealed class BestKeeper(RunFolder folder, TrainingOptions options, TrainingData data, Validator validator, string optionsJson)
{
    private ValidationResult? best;

    /// <summary>0-based epoch of the best validation so far.</summary>
    public int BestEpoch { get; private set; }

    public Validated ValidateAndSave(int epoch, int step, EmbeddingNetwork network, ArcFaceHead head, Updater updater, CancellationToken cancel)
    {
        var result = validator.Calibrate(data.Normals.Calibration, data.Negatives.Calibration, options.Accept, cancel);
        var isBest = result.IsBetterThan(best);
        var checkpoint = new Checkpoint(epoch, step, result.Centroid, result.Threshold, optionsJson);
        var validated = Describe(result, epoch, step, isBest);
        checkpoint.Save(folder.LastCheckpoint, network, head, updater);
        if (isBest)
        {
            best = result;
            BestEpoch = epoch;
            checkpoint.Save(folder.BestCheckpoint, network, head, updater);
            AtomicFile.WriteText(folder.Embedding, EmbeddingText.Format(result.Centroid.Values));
            GateFile.Write(folder.Gate, checkpoint, validated);
        }

        return validated;
    }

    private static Validated Describe(ValidationResult result, int epoch, int step, bool isBest) => new(
        epoch,
        step,
        result.Normals,
        result.Negatives,
        result.Auroc,
        result.FprAt95Tpr,
        result.Threshold.Cosine,
        result.FalseAcceptRate,
        result.Centroid.Concentration,
        isBest);
}
