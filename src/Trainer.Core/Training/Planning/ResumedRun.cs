using System.Text.Json.Nodes;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Options;
using Trainer.Core.Wording;

namespace Trainer.Core.Training.Planning;

/// <summary>A run to resume where it stopped.</summary>
/// <param name="Record">What the run was begun with.</param>
/// <param name="Options">The same options, except for those that may differ, such as the device and how often the state is saved.</param>
public sealed record ResumedRun(RunFolder Folder, RunRecord Record, TrainingOptions Options)
{
    private static readonly string[] MayDiffer = ["device", "threads", "checkpointEvery"];

    /// <summary>Opens a run to resume it.</summary>
    /// <param name="given">Options given in addition; none may change the result.</param>
    /// <exception cref="TrainerException">
    /// There is no run, or an option differs from the run's own; the message says which and how.
    /// </exception>
    public static ResumedRun Open(string path, params IEnumerable<JsonObject> given)
    {
        var folder = new RunFolder(path);
        if (!File.Exists(folder.Options))
        {
            throw new TrainerException(Directory.Exists(path)
                ? $"'{path}' holds no options.json, so it isn't a run, or the run stopped before it saved anything. Start it again with "
                    + "its first command."
                : $"There is no folder '{path}'. Name the folder that 'trainer train' printed, runs/<name> by default.");
        }

        var record = folder.ReadRecord();
        var own = OptionsFile.Layer(Understood(record, folder));
        // The device and the threads that auto and 0 stood for.
        var machine = new JsonObject { ["device"] = record.Device, ["threads"] = record.Threads };
        var options = OptionsFile.Resolve([own, machine, .. given]);
        var asked = OptionsFile.Layer(options);
        var differences = own.Where(option => !MayDiffer.Contains(option.Key) && !JsonNode.DeepEquals(option.Value, asked[option.Key]))
            .Select(option =>
                $"{option.Key} was {option.Value?.ToJsonString() ?? "null"} and is now {asked[option.Key]?.ToJsonString() ?? "null"}")
                .ToArray();
        return differences.Length == 0
            ? new ResumedRun(folder, record, options)
            : throw new TrainerException($"The run in '{path}' can't be resumed with other options: {string.Join("; ", differences)}. "
                + $"Leave them out, or start a new run from its weights: --weights {folder.LastCheckpoint} --out <folder>.");
    }

    private static TrainingOptions Understood(RunRecord record, RunFolder folder)
    {
        try
        {
            return record.Options.Understand();
        }
        catch (TrainerException e)
        {
            throw new TrainerException($"The run in '{folder.Path}' can't be resumed by this version of trainer: {e.Message} "
                + $"Resume it with the version that began it ({record.Trainer}), or start a new run from its weights: --weights "
                + $"{folder.LastCheckpoint} --out <folder>.", e);
        }
    }

    /// <summary>True when there is a saved state; otherwise the run begins at its first step.</summary>
    public bool IsSaved => File.Exists(Folder.LastCheckpoint) || File.Exists(Folder.PreviousCheckpoint);

    /// <summary>Notices for the user about differences between this machine or program and those that began the run.</summary>
    public IEnumerable<string> Notices()
    {
        if (Record.Trainer != RunRecord.TrainerVersion || Record.TorchSharp != RunRecord.TorchSharpVersion)
        {
            yield return $"The run was begun by trainer {Record.Trainer} with TorchSharp {Record.TorchSharp}, and is resumed with "
                + $"{RunRecord.TrainerVersion} and {RunRecord.TorchSharpVersion}. "
                + "Its result may differ a little from that of an uninterrupted run.";
        }

        if (Record.Options.Missing.ToArray() is { Length: > 0 } missing)
        {
            yield return "The trainer that began the run had no option "
                + $"{string.Join(" and no option ", missing.Select(name => $"'{name}'"))}, so the run continues with its default.";
        }

        if (Options.Device != Record.Device || Options.Threads != Record.Threads)
        {
            yield return $"The run was begun on {Record.Device} with {Counted.Of(Record.Threads, "thread")}, and is resumed on "
                + $"{Options.Device} with {Options.Threads}. "
                + "Sums are rounded in another order, so its result differs a little from that of an uninterrupted run.";
        }
    }
}
