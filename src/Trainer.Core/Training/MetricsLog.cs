using System.Text.Json;

namespace Trainer.Core.Training;

/// <summary>metrics.jsonl: every validation and epoch, and of the steps one in <see cref="StepsBetween"/>.</summary>
/// <param name="path">The file; lines are added at its end.</param>
public sealed class MetricsLog(string path)
{
    /// <summary>Steps from one logged loss to the next.</summary>
    public const int StepsBetween = 10;

    /// <summary>Adds the event if it is one that the file keeps.</summary>
    /// <exception cref="TrainerException">The file can't be written.</exception>
    public void Add(TrainingEvent happened)
    {
        var kept = happened is Validated or EpochDone || (happened is StepDone step && step.Step % StepsBetween == 0);
        if (!kept)
        {
            return;
        }

        try
        {
            File.AppendAllText(path, JsonSerializer.Serialize(happened, Json.Line) + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't write '{path}': {e.Message} The checkpoints written so far stand.", e);
        }
    }
}
