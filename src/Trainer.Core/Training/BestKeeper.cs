using Trainer.Core.Gates;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Validation;

namespace Trainer.Core.Training;

/// <summary>Validates, writes the last checkpoint, and keeps the best one with its centroid and gate beside it.</summary>
internal sealed class BestKeeper(RunFolder folder, TrainingOptions options, TrainingData data, Validator validator, string optionsJson, string startWeights)
{
    private ValidationResult? best;

    /// <summary>The threshold of the best validation so far.</summary>
    public Threshold? BestThreshold => best?.Threshold;

    /// <summary>0-based epoch of the best validation so far.</summary>
    public int BestEpoch { get; private set; }

    public Validated ValidateAndSave(int epoch, int step, EmbeddingNetwork network, IGateLoss loss, Updater updater, CancellationToken cancel)
    {
        using var _ = updater.UseAverages();
        var result = validator.Calibrate(data.Normals.Calibration, data.Negatives.Calibration, options.Accept, cancel);
        var isBest = result.IsAsGoodAs(best);
        var checkpoint = new Checkpoint(epoch, step, result.Centroid, result.Threshold, optionsJson);
        var validated = Describe(result, epoch, step, isBest);
        checkpoint.Save(folder.LastCheckpoint, network, loss, updater);
        if (isBest)
        {
            best = result;
            BestEpoch = epoch;
            checkpoint.Save(folder.BestCheckpoint, network, loss, updater);
            AtomicFile.WriteText(folder.Embedding, EmbeddingText.Format(result.Centroid.Values));
            GateFile.Write(folder.Gate, checkpoint, validated, startWeights);
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
