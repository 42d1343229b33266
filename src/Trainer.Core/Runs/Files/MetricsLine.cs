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
/// <param name="Epoch">0-based.</param>
/// <param name="Step">0-based, over the whole run.</param>
/// <param name="StepInEpoch">0-based.</param>
/// <param name="LearningRate">The network's.</param>
/// <param name="ImagesPerSecond">Over the epoch so far.</param>
public sealed record StepLine(int Epoch, int Step, int StepInEpoch, int StepsInEpoch, double Loss, double LearningRate, double ImagesPerSecond) : MetricsLine;

/// <summary>All training normals were shown once more.</summary>
/// <param name="Epoch">0-based.</param>
/// <param name="Epochs">Of the whole run.</param>
/// <param name="Loss">Mean over the epoch's steps.</param>
public sealed record EpochLine(int Epoch, int Epochs, double Loss, double LearningRate, double ImagesPerSecond, double Seconds) : MetricsLine;

/// <summary>A validation on the calibration part; gate.json has that of its gate as "calibration".</summary>
/// <param name="Epoch">0-based.</param>
/// <param name="Step">Updates so far.</param>
/// <param name="Normals">Cosines of the normals, each to the centroid of the others.</param>
/// <param name="Negatives">Cosines of the negatives to the centroid.</param>
/// <param name="Auroc">0 to 1; NaN without negatives, as the next but one.</param>
/// <param name="FalseAcceptRate">Share of the negatives that the threshold accepts.</param>
/// <param name="CentroidConcentration">Length of the mean embedding, 0 to 1.</param>
/// <param name="Best">True when it was the best so far.</param>
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
    /// <summary>Notes what a validation found.</summary>
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
