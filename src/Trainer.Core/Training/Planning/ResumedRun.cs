using System.Text.Json.Nodes;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Options;
using Trainer.Core.Wording;

namespace Trainer.Core.Training.Planning;

/// <summary>A run that goes on where it was stopped.</summary>
/// <param name="Record">What it was begun with.</param>
/// <param name="Options">The same, but for what may differ: where and how often.</param>
public sealed record ResumedRun(RunFolder Folder, RunRecord Record, TrainingOptions Options)
{
    private static readonly string[] MayDiffer = ["device", "threads", "checkpointEvery"];

    /// <summary>Finds the run.</summary>
    /// <param name="given">Options given beside it: none that would make it another run.</param>
    /// <exception cref="TrainerException">There is no run, or an option differs from the run's own: which, and how.</exception>
    public static ResumedRun Open(string path, params IEnumerable<JsonObject> given)
    {
        var folder = new RunFolder(path);
        if (!File.Exists(folder.Options))
        {
            throw new TrainerException(Directory.Exists(path)
                ? $"'{path}' holds no options.json: it is no run, or one that stopped before anything was saved. Start it with the command that it was started with."
                : $"There is no folder '{path}'. Name the folder that 'trainer train' printed, runs/<name> by default.");
        }

        var record = folder.ReadRecord();
        var own = OptionsFile.Layer(Understood(record, folder));
        var machine = new JsonObject { ["device"] = record.Device, ["threads"] = record.Threads }; // what auto and 0 came to
        var options = OptionsFile.Resolve([own, machine, .. given]);
        var asked = OptionsFile.Layer(options);
        var differences = own.Where(option => !MayDiffer.Contains(option.Key) && !JsonNode.DeepEquals(option.Value, asked[option.Key]))
            .Select(option => $"{option.Key} was {option.Value?.ToJsonString() ?? "null"} and is now {asked[option.Key]?.ToJsonString() ?? "null"}").ToArray();
        return differences.Length == 0
            ? new ResumedRun(folder, record, options)
            : throw new TrainerException($"The run in '{path}' can't go on with other options: {string.Join("; ", differences)}. "
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
            throw new TrainerException($"The run in '{folder.Path}' can't go on with this build of trainer: {e.Message} "
                + $"Go on with the build that began it (of trainer {record.Trainer}), or start a new run from its weights: --weights {folder.LastCheckpoint} --out <folder>.", e);
        }
    }

    /// <summary>True when there is a state to go on from; else the run begins at its first step.</summary>
    public bool IsSaved => File.Exists(Folder.LastCheckpoint) || File.Exists(Folder.PreviousCheckpoint);

    /// <summary>What the user should know: where this machine or program differs from the one that began the run.</summary>
    public IEnumerable<string> Notices()
    {
        if (Record.Trainer != RunRecord.TrainerVersion || Record.TorchSharp != RunRecord.TorchSharpVersion)
        {
            yield return $"The run was begun by trainer {Record.Trainer} with TorchSharp {Record.TorchSharp}, and goes on with {RunRecord.TrainerVersion} and {RunRecord.TorchSharpVersion}: "
                + "it may end a little differently than unbroken.";
        }

        if (Record.Options.Missing.ToArray() is { Length: > 0 } missing)
        {
            yield return $"The trainer that began the run had no option {string.Join(" and no option ", missing.Select(name => $"'{name}'"))}: the run goes on with today's default.";
        }

        if (Options.Device != Record.Device || Options.Threads != Record.Threads)
        {
            yield return $"The run was begun on {Record.Device} with {Counted.Of(Record.Threads, "thread")}, and goes on on {Options.Device} with {Options.Threads}: "
                + "sums are rounded in another order, so it ends a little differently than unbroken.";
        }
    }
}
