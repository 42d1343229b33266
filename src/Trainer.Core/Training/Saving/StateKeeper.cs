using System.Diagnostics;
using System.Text.Json;
using Trainer.Core.Gates;
using Trainer.Core.Platform;
using Trainer.Core.Ranks;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Runs.Options;
using Trainer.Core.Training.Planning;

namespace Trainer.Core.Training.Saving;

/// <summary>Knows where the run is, and keeps it on disk: last.ckpt, and the one before it until the run is complete. Of several ranks the
/// leader alone reads and writes it.</summary>
internal sealed class StateKeeper(RunFolder folder, TrainingPlan plan, Learner learner, MetricsLog log)
{
    // The options were checked, so this parses.
    private readonly CheckpointInterval interval = CheckpointInterval.Parse(plan.Options.CheckpointEvery).GetValueOrDefault();
    private readonly Stopwatch sinceSaved = Stopwatch.StartNew();
    private RunState saved = RunState.Start;

    /// <summary>The state of the run; set after each step, epoch and validation.</summary>
    public RunState State { get; set; } = RunState.Start;

    /// <summary>Restores the newest undamaged checkpoint; if none was saved yet, the run stays at the first step.</summary>
    /// <param name="report">Called with a notice when the newest checkpoint is damaged.</param>
    /// <returns>The checkpoint's path, or null.</returns>
    /// <exception cref="TrainerException">There are checkpoints, but all of them are damaged.</exception>
    public string? RestoreNewest(Action<TrainingEvent> report)
    {
        string[] saves = [.. new[] { folder.LastCheckpoint, folder.PreviousCheckpoint }.Where(File.Exists)];
        foreach (var (i, path) in saves.Index())
        {
            try
            {
                var file = CheckpointFile.Read(path);
                State = saved = CheckpointFile.StateOf(file);
                learner.Restore(file);
                log.Keep(State.MetricsLines);
                return path;
            }
            catch (TrainerException e) when (i + 1 < saves.Length)
            {
                var aside = Path.ChangeExtension(path, ".damaged.ckpt");
                File.Move(path, aside, overwrite: true); // otherwise it would replace the good checkpoint at the next save
                report(new Notice($"{e.Message} It is kept as {aside}; the run goes on from the checkpoint before it, {saves[i + 1]}."));
            }
            catch (TrainerException e)
            {
                throw new TrainerException(
                    $"{e.Message} There is no other to go on from. Delete it to begin this run again at its first step.", e);
            }
        }

        log.Keep(0);
        return null;
    }

    /// <summary>Saves the state if the interval since the last save has passed.</summary>
    public void SaveIfDue()
    {
        if (interval.IsDue(State.Step - saved.Step, sinceSaved.Elapsed))
        {
            Save(gate: null);
        }
    }

    /// <summary>Saves the state if it has changed since the last save.</summary>
    public void SaveIfChanged()
    {
        if (State != saved)
        {
            Save(gate: null);
        }
    }

    /// <summary>Brings all ranks to where the leader is: the state, and every number that training changes.</summary>
    public void Share()
    {
        if (plan.Ranks.Size > 1)
        {
            // a record is never null
            State = saved = JsonSerializer.Deserialize<RunState>(
                plan.Ranks.OfLeader(JsonSerializer.SerializeToUtf8Bytes(State, Json.Line)), Json.Line)!;
            learner.Share(plan.Ranks);
        }
    }

    /// <summary>Writes last.ckpt; the one before stays as previous.ckpt.</summary>
    /// <param name="gate">The gate that was just found; null between validations.</param>
    public void Save(Checkpoint? gate)
    {
        if (plan.Ranks.IsLeader)
        {
            log.Flush();
        }

        Write(folder.LastCheckpoint, gate, keepAs: folder.PreviousCheckpoint);
        saved = State;
        sinceSaved.Restart();
    }

    /// <summary>Writes best.ckpt, and embedding.txt and gate.json beside it.</summary>
    public void SaveBest(Checkpoint gate, ValidationLine found)
    {
        Write(folder.BestCheckpoint, gate);
        if (plan.Ranks.IsLeader)
        {
            AtomicFile.WriteText(folder.Embedding, EmbeddingText.Format(gate.Centroid.Values));
            GateFile.Write(folder.Gate, gate, found, plan.Record.StartWeights);
        }
    }

    private void Write(string path, Checkpoint? gate, string? keepAs = null)
    {
        if (!learner.Updater.IsFinite)
        {
            throw NonFiniteLoss.InWeights(State, plan.Options);
        }

        if (!plan.Ranks.IsLeader)
        {
            return;
        }

        using var _ = learner.Updater.UseBlend(); // what the gate is made of; the weights that train lie beside them
        CheckpointFile.Write(path, learner.Tensors(), plan.Record.Options.ToString(), State, gate, keepAs);
    }
}
