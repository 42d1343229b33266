using Trainer.Core.Runs.Files;

namespace Trainer.Core.Training.Saving;

/// <summary>Tells what happens, and keeps in metrics.jsonl what belongs there.</summary>
/// <param name="report">Told of everything, on the thread that trains.</param>
internal sealed class Journal(MetricsLog log, Action<TrainingEvent> report)
{
    /// <summary>metrics.jsonl.</summary>
    public MetricsLog Log => log;

    /// <summary>Passes an event on; steps and epochs are logged before.</summary>
    public void Tell(TrainingEvent happened)
    {
        MetricsLine? line = happened switch
        {
            StepDone step => step.Line,
            EpochDone epoch => epoch.Line,
            _ => null, // a validation is logged before its files are written, and told after
        };
        if (line is not null)
        {
            log.Add(line);
        }

        report(happened);
    }
}
