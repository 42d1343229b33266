using Trainer.Core.Runs.Files;

namespace Trainer.Core.Reporting;

/// <summary>A run's history from metrics.jsonl.</summary>
/// <param name="Steps">One of every ten steps.</param>
public sealed record TrainingHistory(
    IReadOnlyList<StepLine> Steps, IReadOnlyList<EpochLine> Epochs, IReadOnlyList<ValidationLine> Validations)
{
    /// <summary>Reads the file.</summary>
    /// <inheritdoc cref="MetricsLog.Read"/>
    public static TrainingHistory Read(string path)
    {
        var lines = MetricsLog.Read(path);
        return new TrainingHistory(
            Once(lines.OfType<StepLine>(), step => step.Step),
            Once(lines.OfType<EpochLine>(), epoch => epoch.Epoch),
            Once(lines.OfType<ValidationLine>(), validation => validation.Epoch));
    }

    /// <summary>Duration of the training in seconds, without the validations.</summary>
    public double Seconds => Epochs.Sum(epoch => epoch.Seconds);

    /// <summary>Pictures per second over all epochs; NaN if there are none.</summary>
    public double ImagesPerSecond => Epochs.Count == 0 ? double.NaN : Epochs.Sum(epoch => epoch.ImagesPerSecond * epoch.Seconds) / Seconds;

    /// <summary>Removes duplicate lines. A resumed run repeats the lines after its checkpoint, and the later line is valid.</summary>
    private static T[] Once<T>(IEnumerable<T> lines, Func<T, int> when) =>
        [.. lines.GroupBy(when).OrderBy(group => group.Key).Select(group => group.Last())];
}
