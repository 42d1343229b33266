using Trainer.Core.Runs.Files;

namespace Trainer.Core.Training.Saving;

/// <summary>Reports events, and logs those that belong in metrics.jsonl.</summary>
/// <param name="report">Called with every event, on the thread that trains.</param>
internal sealed class Journal(MetricsLog log, Action<TrainingEvent> report)
{
    /// <summary>metrics.jsonl.</summary>
    public MetricsLog Log => log;

    /// <summary>Reports an event; steps and epochs are logged first.</summary>
    public void Tell(TrainingEvent happened)
    {
        MetricsLine? line = happened switch
        {
            StepDone step => step.Line,
            EpochDone epoch => epoch.Line,
            _ => null, // a validation is logged before its files are written, and reported afterwards
        };
        if (line is not null)
        {
            log.Add(line);
        }

        report(happened);
    }
}
