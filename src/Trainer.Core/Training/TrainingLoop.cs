using System.Diagnostics;
using System.Text.Json;
using TorchSharp;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Validation;
using static TorchSharp.torch;

namespace Trainer.Core.Training;

/// <summary>Trains a gate from folders of pictures, and leaves a run folder.</summary>
/// <param name="options">Checked.</param>
/// <param name="fromRandom">The options to take instead where it turns out that training starts from random weights; null for the same.</param>
/// <param name="report">Told of everything that happens, on the thread that trains.</param>
public sealed class TrainingLoop(TrainingOptions options, Action<TrainingEvent> report, TrainingOptions? fromRandom = null)
{
    private readonly SkippedFiles skipped = new();

    /// <summary>Runs from the first step to the last.</summary>
    /// <exception cref="TrainerException">Pictures, options or disk don't allow it; what was saved stands.</exception>
    public RunDone Run(CancellationToken cancel = default)
    {
        var clock = Stopwatch.StartNew();
        skipped.Skipped += file => report(new PictureSkipped(file.Path, file.Reason));
        RunFolder.RequireFree(options.Out);
        TrainingData.RequireFolders(options);
        var threads = options.Threads > 0 ? options.Threads : TorchRuntime.DefaultThreads;
        var device = TorchRuntime.Prepare(options.Device, threads);
        var start = StartWeights.Find(options.Weights, report, cancel); // after the rest that can be wrong: it may be a download
        options = start.File is null ? fromRandom ?? options : options;
        using var cache = options.OpenCache();
        var reader = new PictureReader(cache);
        var data = TrainingData.Scan(options, reader, threads, skipped, report, cancel);

        manual_seed(options.Seed);
        using var network = new EmbeddingNetwork();
        using var loss = Loss();
        start.Load(network, report);
        network.UseBFloat16(training: options.Precision == Precision.Bfloat16, evaluation: false);
        network.to(device);
        loss.Module.to(device);
        using var updater = new Updater(network, loss, options, startsRandom: start.File is null);

        var folder = RunFolder.Create(options.Out);
        try
        {
            var record = Record(data, start, device, threads);
            AtomicFile.WriteText(folder.Options, JsonSerializer.Serialize(record, Json.Indented) + "\n");
            PartsFile.Write(folder.Parts, data);
            var tell = Telling(new MetricsLog(folder.Metrics));
            tell(new DataReady(record.Normals, record.Negatives, record.Device, threads));
            Advise(data, tell);

            var loader = new BatchLoader(options.Batch, threads, skipped, reader);
            var validator = new Validator(new Embedder(network, device), loader);
            var keeper = new BestKeeper(folder, options, data, validator, JsonSerializer.Serialize(options, Json.Line), start.Source);
            var sampler = new EpochSampler(data.Normals.Train, data.Negatives.Train, (ulong)options.Seed);
            var epochs = new Epochs(options, sampler, new Palettes(data, options, loader, cancel), loader, network, startsRandom: start.File is null, loss, updater, device);
            var step = 0;
            for (var epoch = 0; epoch < options.Epochs; epoch++)
            {
                step = epochs.Train(epoch, step, tell, cancel);
                if ((epoch + 1) % options.SaveInterval == 0 || epoch == options.Epochs - 1)
                {
                    tell(keeper.ValidateAndSave(epoch, step, network, loss, updater, cancel));
                    folder.WriteSkipped(skipped.All);
                }
            }

            var done = new RunDone(options.Out, keeper.BestEpoch, keeper.BestThreshold?.Promise ?? "", clock.Elapsed.TotalSeconds, skipped.Count);
            tell(done);
            return done;
        }
        finally
        {
            folder.WriteSkipped(skipped.All); // also when the run fails, often because of them
        }
    }

    private IGateLoss Loss()
    {
        const int Size = EmbeddingNetwork.EmbeddingSize;
        const int Centres = 3; // of Sub-center ArcFace: the paper's
        var margin = double.DegreesToRadians(options.Margin);
        return options.Loss switch
        {
            LossKind.Arcface => new ArcFaceHead(Labels.Count, Size, margin, options.Scale),
            LossKind.SubCenter => new ArcFaceHead(Labels.Count, Size, margin, options.Scale, Centres),
            LossKind.Hsc => new HypersphereHead(Size, options.Scale),
            LossKind.Bce => new BinaryHead(Size, options.Scale),
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
        PartCounts.Of(data.Negatives));

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
