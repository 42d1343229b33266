using System.Text.Json.Serialization;
using Trainer.Core.Inspection;
using Trainer.Core.Metrics;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Runs.Options;

namespace Trainer.Core.Training;

/// <summary>An event that a run reports to the terminal, to --json, and in part to metrics.jsonl.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(PlanMade), "options")]
[JsonDerivedType(typeof(DataReady), "data")]
[JsonDerivedType(typeof(DuplicatesFound), "duplicates")]
[JsonDerivedType(typeof(Downloading), "download")]
[JsonDerivedType(typeof(Working), "working")]
[JsonDerivedType(typeof(WeightsLoaded), "weights")]
[JsonDerivedType(typeof(Notice), "notice")]
[JsonDerivedType(typeof(PictureSkipped), "skipped")]
[JsonDerivedType(typeof(StepDone), "step")]
[JsonDerivedType(typeof(EpochDone), "epoch")]
[JsonDerivedType(typeof(Validated), "validation")]
[JsonDerivedType(typeof(SuspectsFound), "suspects")]
[JsonDerivedType(typeof(RunResumed), "resumed")]
[JsonDerivedType(typeof(RunStopped), "stopped")]
[JsonDerivedType(typeof(RunDone), "done")]
[JsonDerivedType(typeof(ReportWritten), "report")]
public abstract record TrainingEvent;

/// <summary>The start weights are found, and with them all options are decided.</summary>
/// <param name="StartWeights">The weights that were chosen: a file's path, "builtin", or "none" for random weights.</param>
public sealed record PlanMade(TrainingOptions Options, string StartWeights) : TrainingEvent;

/// <summary>The folders are listed and split.</summary>
/// <param name="Normals">Number of normals in each part.</param>
/// <param name="Negatives">Number of negatives in each part.</param>
public sealed record DataReady(PartCounts Normals, PartCounts Negatives, string Device, int Threads) : TrainingEvent
{
    /// <summary>Number of look-alikes in each part, by name.</summary>
    public IReadOnlyDictionary<string, PartCounts> LookAlikes { get; init; } = new Dictionary<string, PartCounts>();
}

/// <summary>A folder was searched for pictures that are the same except for size or compression, which share a part.</summary>
/// <param name="Groups">Number of different pictures; null when there were too many pictures to compare.</param>
public sealed record DuplicatesFound(string Folder, int Pictures, int? Groups) : TrainingEvent;

/// <summary>Start weights are being downloaded.</summary>
/// <param name="Total">0 when the server doesn't say.</param>
public sealed record Downloading(string File, long Bytes, long Total) : TrainingEvent;

/// <summary>Progress of something that takes time; reported a few times a second.</summary>
/// <param name="What">"reading rice/", "validating".</param>
/// <param name="Done">Pictures done so far.</param>
public sealed record Working(string What, int Done, int Total) : TrainingEvent;

/// <summary>Start weights were read.</summary>
/// <param name="FoldedBatchNorms">True when the file's batch norms are folded into its convolutions.</param>
/// <param name="IsTorchvision">True when they are torchvision's public weights, in any file.</param>
/// <param name="Input">How the pictures that they were trained on were normalised; the first convolution is adapted to it.</param>
public sealed record WeightsLoaded(
    string File, int Loaded, IReadOnlyList<string> NotInFile, IReadOnlyList<string> NotUsed, bool FoldedBatchNorms, bool IsTorchvision,
    WeightsInput Input) : TrainingEvent;

/// <summary>A sentence that the user should read.</summary>
public sealed record Notice(string Text) : TrainingEvent;

/// <summary>A picture was left out.</summary>
public sealed record PictureSkipped(string Path, string Reason) : TrainingEvent;

/// <summary>One update of the weights.</summary>
/// <param name="Step">Index of the update in the whole run, 0-based.</param>
/// <param name="StepsLeft">Number of steps until the run ends.</param>
/// <param name="ImagesPerSecond">Mean over the epoch so far.</param>
public sealed record StepDone(
    int Epoch, int Step, int StepInEpoch, int StepsInEpoch, int StepsLeft, double Loss, double LearningRate, double ImagesPerSecond)
    : TrainingEvent
{
    internal StepLine Line => new(Epoch, Step, StepInEpoch, StepsInEpoch, Loss, LearningRate, ImagesPerSecond);
}

/// <summary>An epoch has ended: all training normals were shown once.</summary>
/// <param name="Loss">Mean over the epoch's steps.</param>
public sealed record EpochDone(int Epoch, int Epochs, double Loss, double LearningRate, double ImagesPerSecond, double Seconds)
    : TrainingEvent
{
    internal EpochLine Line => new(Epoch, Epochs, Loss, LearningRate, ImagesPerSecond, Seconds);
}

/// <summary>A validation on the calibration part is done, and its files are written.</summary>
/// <param name="Best">True when it is the best so far.</param>
public sealed record Validated(
    int Epoch,
    int Step,
    Distribution Normals,
    Distribution Negatives,
    double Auroc,
    double FprAt95Tpr,
    double Threshold,
    double FalseAcceptRate,
    double CentroidConcentration,
    bool Best) : TrainingEvent
{
    internal static Validated Of(ValidationLine found) => new(
        found.Epoch,
        found.Step,
        found.Normals,
        found.Negatives,
        found.Auroc,
        found.FprAt95Tpr,
        found.Threshold,
        found.FalseAcceptRate,
        found.CentroidConcentration,
        found.Best);
}

/// <summary>Negatives that the best gate accepts, the nearest to the centroid first. They may show the subject.</summary>
/// <param name="Negatives">At most <see cref="Suspects.Most"/>.</param>
public sealed record SuspectsFound(IReadOnlyList<Suspect> Negatives) : TrainingEvent;

/// <summary>The run was resumed from a checkpoint.</summary>
/// <param name="Checkpoint">The file; null where nothing was saved yet.</param>
/// <param name="Epoch">Epoch to continue in, 0-based.</param>
/// <param name="Step">Number of updates so far.</param>
public sealed record RunResumed(string? Checkpoint, int Epoch, int Step) : TrainingEvent;

/// <summary>The run was asked to stop; what was done so far is saved.</summary>
/// <param name="Step">Number of updates so far.</param>
public sealed record RunStopped(string Folder, int Step) : TrainingEvent;

/// <summary>The run is complete.</summary>
/// <param name="BestEpoch">0-based epoch of best.ckpt.</param>
/// <param name="Promise">What its threshold promises, in words.</param>
public sealed record RunDone(string Folder, int BestEpoch, string Promise, double Seconds, int Skipped) : TrainingEvent;

/// <summary>The report was written.</summary>
/// <param name="Headline">The verdict in a few words.</param>
/// <param name="Sentence">The verdict in a sentence.</param>
public sealed record ReportWritten(string File, string Headline, string Sentence) : TrainingEvent;
