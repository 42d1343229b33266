using System.Diagnostics;
using System.Text.Json;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Ranks;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Runs.Options;
using Trainer.Core.Training.Planning;
using Trainer.Core.Training.Saving;

namespace Trainer.Core.Training;

/// <summary>Trains a gate according to a plan, and writes its run folder.</summary>
/// <param name="report">Called with every event, on the thread that trains.</param>
public sealed class TrainingLoop(TrainingPlan plan, Action<TrainingEvent> report)
{
    private readonly TrainingOptions options = plan.Options;
    private readonly SkippedFiles skipped = new();

    /// <summary>Runs the training to its last step.</summary>
    /// <exception cref="TrainerException">The pictures, the start weights or the disk are unusable; what was saved stays valid.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; what was done so far is saved.</exception>
    public RunDone Run(CancellationToken cancel = default)
    {
        var clock = Stopwatch.StartNew();
        Array.ForEach([.. plan.Skipped], skipped.Add);
        // The files that the plan skipped are reported already.
        skipped.Skipped += file => report(new PictureSkipped(file.Path, file.Reason));
        using var cache = options.OpenCache();
        var reader = new CachedReader(cache);
        var loader = new BatchLoader(options.Preprocessing, BatchLoader.PicturesAtOnce, plan.Threads, skipped, reader);
        using var learner = Learner.Begin(plan, loader, report, cancel); // before there is a folder: start weights may not fit
        var folder = plan.Resumed?.Folder ?? (plan.Ranks.IsLeader ? RunFolder.Create(options.Out) : plan.Folder);
        using var taken = plan.Ranks.IsLeader ? RunLock.Take(folder) : null;
        Begin(folder, learner.Recipe.Classes);
        var journal = new Journal(new MetricsLog(plan.Ranks.IsLeader ? folder.Metrics : null), report);
        var keeper = new StateKeeper(folder, plan, learner, journal.Log);
        try
        {
            journal.Tell(new DataReady(
                plan.Record.Normals, plan.Record.Negatives, plan.Record.Device,
                plan.Threads)
            { LookAlikes = plan.Data.LookAlikes.ToDictionary(kind => kind.Name, kind => PartCounts.Of(kind.Parts)) });
            Array.ForEach([.. plan.Notices()], notice => journal.Tell(new Notice(notice)));
            Restore(keeper, folder);

            var steps = new BatchLoader(
                options.Preprocessing, learner.Recipe.Sampler.BatchSize, plan.Threads, skipped, reader)
            { KeepsPlaces = options.Chunk > 0 };
            var epochs = new Epochs(plan, new TrainingPictures(options, learner.Recipe.Sampler, steps, plan.Ranks), learner);
            var maker = new GateMaker(plan, learner.Network, loader, (done, total) => report(new Working("validating", done, total)));
            var best = new BestKeeper(plan, maker, learner.Updater);
            while (keeper.State is { Epoch: var epoch } && epoch < options.Epochs)
            {
                plan.Ranks.ThrowIfAnyStops(cancel);
                if (!keeper.State.IsTrained)
                {
                    epochs.Train(keeper, journal, cancel);
                }

                EndEpoch(epoch, keeper, () => best.ValidateAndSave(keeper, journal.Log, cancel), folder);
            }

            if (keeper.State.Best is null)
            {
                report(best.ValidateAndSave(keeper, journal.Log, cancel)); // with 0 epochs: makes a gate from the start weights
            }

            if (plan.Ranks.IsLeader)
            {
                SuspectNegatives.Tell(folder, plan.Data, loader, plan.Device, journal.Tell, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            keeper.SaveIfChanged();
            WriteSkipped(folder);
            report(new RunStopped(folder.Path, keeper.State.Step));
            throw;
        }
        catch (Exception)
        {
            TryWriteSkipped(folder); // they may be the reason for the failure
            throw;
        }

        if (plan.Ranks.IsLeader)
        {
            File.Delete(folder.PreviousCheckpoint);
        }

        WriteSkipped(folder);
        // the last epoch is validated
        var done = new RunDone(
            folder.Path, keeper.State.Best!.Epoch, keeper.State.Best.Threshold.Promise, clock.Elapsed.TotalSeconds, skipped.Count);
        report(done);
        return done;
    }

    /// <summary>Validates if the epoch is one with a validation.</summary>
    private void EndEpoch(int epoch, StateKeeper keeper, Func<Validated> validate, RunFolder folder)
    {
        if ((epoch + 1) % options.SaveInterval != 0 && epoch != options.Epochs - 1)
        {
            keeper.State = keeper.State.NextEpoch();
            return;
        }

        ShareSkipped();
        WriteSkipped(folder);
        report(validate());
    }

    private void Begin(RunFolder folder, TrainingClasses? classes)
    {
        if (!plan.Ranks.IsLeader)
        {
            return;
        }

        if (classes is not null && !File.Exists(folder.Classes))
        {
            ClassesFile.Write(folder.Classes, classes.Labels);
        }

        if (!File.Exists(folder.Options))
        {
            folder.WriteRecord(plan.Record);
        }

        if (!File.Exists(folder.Parts) || !File.Exists(folder.Data))
        {
            PartsFile.Write(folder.Parts, plan.Data.Normals, plan.Data.Negatives, plan.Data.LookAlikes);
            DataFile.Write(folder.Data, plan.Data.Sets);
        }
    }

    /// <summary>Restores the newest undamaged checkpoint; if there is none, the run stays at the first step.</summary>
    private void Restore(StateKeeper keeper, RunFolder folder)
    {
        if (plan is { Resumed: not null, Ranks.IsLeader: true })
        {
            Array.ForEach([.. folder.ReadSkipped()], skipped.Add);
            var checkpoint = keeper.RestoreNewest(report);
            report(new RunResumed(checkpoint, keeper.State.Epoch, keeper.State.Step));
        }

        keeper.Share();
    }

    /// <summary>What one rank can't read, all leave out: the leader names it.</summary>
    private void ShareSkipped()
    {
        var own = JsonSerializer.SerializeToUtf8Bytes(skipped.All);
        // an array is never null
        foreach (var file in plan.Ranks.GatherAny(own).ToArray().SelectMany(bytes => JsonSerializer.Deserialize<SkippedFile[]>(bytes)!))
        {
            skipped.Add(file);
        }
    }

    private void WriteSkipped(RunFolder folder)
    {
        if (plan.Ranks.IsLeader)
        {
            folder.WriteSkipped(skipped.All);
        }
    }

    private void TryWriteSkipped(RunFolder folder)
    {
        try
        {
            WriteSkipped(folder);
        }
        catch (TrainerException)
        {
            // The error that ended the run is more important.
        }
    }
}
