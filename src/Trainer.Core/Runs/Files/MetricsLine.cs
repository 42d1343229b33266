using System.Text.Json.Serialization;
using Trainer.Core.Fitting;
using Trainer.Core.Metrics;

namespace Trainer.Core.Runs.Files;

/// <summary>A line of metrics.jsonl.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(StepLine), "step")]
[JsonDerivedType(typeof(EpochLine), "epoch")]
[JsonDerivedType(typeof(ValidationLine), "validation")]
public abstract record MetricsLine;

/// <summary>One update of the weights.</summary>
/// <param name="Epoch">Index of the epoch, 0-based.</param>
/// <param name="Step">Index of the update in the whole run, 0-based.</param>
/// <param name="StepInEpoch">Index of the update in the epoch, 0-based.</param>
/// <param name="LearningRate">The network's learning rate.</param>
/// <param name="ImagesPerSecond">Mean over the epoch so far.</param>
public sealed record StepLine(
    int Epoch, int Step, int StepInEpoch, int StepsInEpoch, double Loss, double LearningRate, double ImagesPerSecond) : MetricsLine;

/// <summary>An epoch: all training normals were shown once.</summary>
/// <param name="Epoch">Index of the epoch, 0-based.</param>
/// <param name="Epochs">Number of epochs in the whole run.</param>
/// <param name="Loss">Mean over the epoch's steps.</param>
public sealed record EpochLine(int Epoch, int Epochs, double Loss, double LearningRate, double ImagesPerSecond, double Seconds)
    : MetricsLine;

/// <summary>A validation on the calibration part. gate.json holds the one that its gate comes from as "calibration".</summary>
/// <param name="Epoch">Index of the epoch, 0-based.</param>
/// <param name="Step">Number of updates so far.</param>
/// <param name="Normals">Cosines of the normals, each to the centroid of the others.</param>
/// <param name="Negatives">Cosines of the negatives to the centroid.</param>
/// <param name="Auroc">0 to 1; NaN without negatives, as is the false accept rate.</param>
/// <param name="FalseAcceptRate">Share of the negatives that the threshold accepts.</param>
/// <param name="CentroidConcentration">Length of the mean embedding, 0 to 1.</param>
/// <param name="Best">True when this was the best validation so far.</param>
public sealed record ValidationLine(
    int Epoch,
    int Step,
    Distribution Normals,
    Distribution Negatives,
    double Auroc,
    double FprAt95Tpr,
    double Threshold,
    double FalseAcceptRate,
    double CentroidConcentration,
    bool Best) : MetricsLine
{
    /// <summary>The line for a validation's result.</summary>
    public static ValidationLine Of(ValidationResult result, int epoch, int step, bool best)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new(
            epoch,
            step,
            result.Normals,
            result.Negatives,
            result.Auroc,
            result.FprAt95Tpr,
            result.Threshold.Cosine,
            result.FalseAcceptRate,
            result.Centroid.Concentration,
            best);
    }
}
