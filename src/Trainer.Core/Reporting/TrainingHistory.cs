using Trainer.Core.Runs.Files;

namespace Trainer.Core.Reporting;

/// <summary>How a run went, as metrics.jsonl tells it.</summary>
/// <param name="Steps">One in ten.</param>
public sealed record TrainingHistory(IReadOnlyList<StepLine> Steps, IReadOnlyList<EpochLine> Epochs, IReadOnlyList<ValidationLine> Validations)
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

    /// <summary>Seconds of training, without the validations.</summary>
    public double Seconds => Epochs.Sum(epoch => epoch.Seconds);

    /// <summary>Pictures a second, over all epochs; NaN without any.</summary>
    public double ImagesPerSecond => Epochs.Count == 0 ? double.NaN : Epochs.Sum(epoch => epoch.ImagesPerSecond * epoch.Seconds) / Seconds;

    /// <summary>A resumed run repeats what came after its checkpoint; the later telling holds.</summary>
    private static T[] Once<T>(IEnumerable<T> lines, Func<T, int> when) => [.. lines.GroupBy(when).OrderBy(group => group.Key).Select(group => group.Last())];
}
