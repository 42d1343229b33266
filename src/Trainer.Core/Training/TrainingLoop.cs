using System.Diagnostics;
using System.Text.Json;
using TorchSharp;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Platform;
using Trainer.Core.Validation;
using static TorchSharp.torch;

namespace Trainer.Core.Training;

/// <summary>Trains a gate from folders of pictures, and leaves a run folder.</summary>
/// <param name="options">Checked.</param>
/// <param name="fromRandom">The options to take instead where it turns out that training starts from random weights; null for the same.</param>
/// <param name="report">Told of everything that happens, on the thread that trains.</param>
/// <param name="resumed">The run to go on with; null for a new one.</param>
public sealed class TrainingLoop(TrainingOptions options, Action<TrainingEvent> report, TrainingOptions? fromRandom = null, ResumedRun? resumed = null)
{
    private readonly SkippedFiles skipped = new();

    /// <summary>Goes on with a run that was stopped.</summary>
    public TrainingLoop(ResumedRun resumed, Action<TrainingEvent> report)
        : this((resumed ?? throw new ArgumentNullException(nameof(resumed))).Options, report, fromRandom: null, resumed)
    {
    }

    /// <summary>Runs to the last step.</summary>
    /// <exception cref="TrainerException">Pictures, options or disk don't allow it; what was saved stands.</exception>
    /// <exception cref="OperationCanceledException">Asked for; what was done so far is saved.</exception>
    public RunDone Run(CancellationToken cancel = default)
    {
        var clock = Stopwatch.StartNew();
        skipped.Skipped += file => report(new PictureSkipped(file.Path, file.Reason));
        if (resumed is null)
        {
            RunFolder.RequireFree(options.Out);
        }

        using var held = resumed is null ? null : RunLock.Take(resumed.Folder);
        TrainingData.RequireFolders(options);
        var threads = options.Threads > 0 ? options.Threads : TorchRuntime.DefaultThreads;
        var device = TorchRuntime.Prepare(options.Device, threads, text => report(new Notice(text)));
        var start = resumed switch
        {
            null => StartWeights.Find(options.Weights, report, cancel), // after the rest that can be wrong: it may be a download
            { IsSaved: true } => new StartWeights(resumed.Record.StartWeights, File: null, IsTorchvision: false),
            _ => StartWeights.Find(resumed.Record.StartWeights, report, cancel),
        };
        options = start.IsRandom ? fromRandom ?? options : options;
        using var cache = options.OpenCache();
        var reader = new CachedReader(cache);
        var data = TrainingData.Scan(options, reader, threads, skipped, report, cancel);
        if (resumed is not null)
        {
            DataFile.RequireSame(resumed.Folder.Data, resumed.Record.DataFingerprint, data);
        }

        manual_seed(options.Seed);
        using var network = new EmbeddingNetwork();
        using var loss = Loss();
        start.Load(network, report);
        network.to(device);
        loss.Module.to(device);
        using var updater = new Updater(network, loss, options, start.IsRandom);

        var folder = resumed?.Folder ?? RunFolder.Create(options.Out);
        using var taken = held is null ? RunLock.Take(folder) : null;
        var record = resumed?.Record ?? Record(data, start, device, threads);
        Begin(folder, record, data);
        var log = new MetricsLog(folder.Metrics);
        var optionsJson = JsonSerializer.Serialize(record.Options, Json.Line);
        var keeper = new StateKeeper(folder, options, optionsJson, network, loss, updater, log);
        try
        {
            var tell = Telling(log);
            tell(new DataReady(record.Normals, record.Negatives, record.Device, threads));
            Advise(data, tell);
            Restore(keeper, folder);

            var loader = new BatchLoader(options.Batch, threads, skipped, reader);
            var validator = new Validator(new Embedder(network, device), loader, (done, total) => tell(new Working("validating", done, total)), options.CutOuts);
            var best = new BestKeeper(folder, options, data, validator, updater, optionsJson, record.StartWeights);
            var sampler = new EpochSampler(data.Normals.Train, data.Negatives.Train, (ulong)options.Seed);
            var cutOuts = new CutOuts(data.Negatives.Train, options, reader);
            var epochs = new Epochs(options, sampler, new Palettes(data, options, loader, cancel), cutOuts, loader, network, start.IsRandom, loss, updater, device);
            Train(keeper, epochs, best, folder, log, tell, cancel);
            SuspectNegatives.Tell(folder, data, loader, device, tell, cancel);
        }
        catch (OperationCanceledException)
        {
            keeper.SaveIfChanged();
            folder.WriteSkipped(skipped.All);
            report(new RunStopped(folder.Path, keeper.State.Step));
            throw;
        }
        catch (Exception)
        {
            TryWriteSkipped(folder); // the run may well fail because of them
            throw;
        }

        File.Delete(folder.PreviousCheckpoint);
        folder.WriteSkipped(skipped.All);
        var done = new RunDone(folder.Path, keeper.State.Best!.Epoch, keeper.State.Best.Threshold.Promise, clock.Elapsed.TotalSeconds, skipped.Count); // the last epoch is validated
        report(done);
        return done;
    }

    private void Train(StateKeeper keeper, Epochs epochs, BestKeeper best, RunFolder folder, MetricsLog log, Action<TrainingEvent> tell, CancellationToken cancel)
    {
        while (keeper.State.Epoch is var epoch && epoch < options.Epochs && !HasSettled(keeper.State))
        {
            cancel.ThrowIfCancellationRequested();
            if (!keeper.State.IsTrained)
            {
                epochs.Train(keeper, log, tell, cancel);
            }

            if ((epoch + 1) % options.SaveInterval == 0 || epoch == options.Epochs - 1)
            {
                folder.WriteSkipped(skipped.All);
                report(best.ValidateAndSave(keeper, log, cancel));
                if (HasSettled(keeper.State) && epoch + 1 < options.Epochs)
                {
                    report(new Notice($"Stopped after {epoch + 1} of {options.Epochs} epochs: {Counted.Of(options.Patience, "validation")} in a row brought nothing new (--patience {options.Patience})."));
                }
            }
            else
            {
                keeper.State = keeper.State.NextEpoch();
            }
        }
    }

    private bool HasSettled(RunState state) => options.Patience > 0 && state.Plateau?.Length >= options.Patience;

    private static void Begin(RunFolder folder, RunRecord record, TrainingData data)
    {
        if (!File.Exists(folder.Options))
        {
            AtomicFile.WriteText(folder.Options, JsonSerializer.Serialize(record, Json.Indented) + "\n");
        }

        if (!File.Exists(folder.Parts) || !File.Exists(folder.Data))
        {
            PartsFile.Write(folder.Parts, data);
            DataFile.Write(folder.Data, data);
        }
    }

    /// <summary>Goes back to the newest checkpoint that is whole; stays at the first step where there is none.</summary>
    private void Restore(StateKeeper keeper, RunFolder folder)
    {
        if (resumed is null)
        {
            return;
        }

        foreach (var notice in resumed.Notices())
        {
            report(new Notice(notice));
        }

        foreach (var file in folder.ReadSkipped())
        {
            skipped.Add(file);
        }

        var checkpoint = keeper.RestoreNewest(report);
        report(new RunResumed(checkpoint ?? "(none)", keeper.State.Epoch, keeper.State.Step));
    }

    private void TryWriteSkipped(RunFolder folder)
    {
        try
        {
            folder.WriteSkipped(skipped.All);
        }
        catch (TrainerException)
        {
            // What ended the run says more.
        }
    }

    private IGateLoss Loss()
    {
        const int Size = EmbeddingNetwork.EmbeddingSize;
        const int Centres = 3; // of Sub-center ArcFace: the paper's
        var margin = double.DegreesToRadians(options.Margin);
        return options.Loss switch
        {
            LossKind.Arcface => new ArcFaceHead(Labels.Count, Size, margin, options.LossScale()),
            LossKind.SubCenter => new ArcFaceHead(Labels.Count, Size, margin, options.LossScale(), Centres),
            LossKind.Hsc => new HypersphereHead(Size, options.LossScale()),
            LossKind.Bce => new BinaryHead(Size, options.LossScale()),
            _ => throw new NotSupportedException($"No loss {options.Loss}."),
        };
    }

    private Action<TrainingEvent> Telling(MetricsLog log) => happened =>
    {
        log.Add(happened);
        report(happened);
    };

    private RunRecord Record(TrainingData data, StartWeights start, Device device, int threads) => new(
        options,
        RunRecord.TrainerVersion,
        RunRecord.TorchSharpVersion,
        __version__,
        device.type.ToString().ToLowerInvariant(),
        threads,
        start.Source,
        data.Fingerprint,
        PartCounts.Of(data.Normals),
        PartCounts.Of(data.Negatives),
        Machine.With(device));

    private void Advise(TrainingData data, Action<TrainingEvent> tell)
    {
        if (data.Negatives.Train.Count < data.Normals.Train.Count)
        {
            tell(new Notice($"There are fewer training negatives ({data.Negatives.Train.Count}) than normals ({data.Normals.Train.Count}): "
                + "each epoch shows all of them. More ordinary photos make a better gate."));
        }

        if (data.Normals.Calibration.Count < 20)
        {
            tell(new Notice($"The threshold is calibrated by {Counted.Of(data.Normals.Calibration.Count, "normal")} only: its promise of {options.Accept:P0} is a rough one. "
                + "100 photos of the subject and more make it firm."));
        }
    }
}
