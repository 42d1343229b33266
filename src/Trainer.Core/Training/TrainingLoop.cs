using System.Diagnostics;
using System.Text.Json;
using TorchSharp;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Validation;
using Trainer.Core.Weights;
using static TorchSharp.torch;

namespace Trainer.Core.Training;

/// <summary>Trains a gate from folders of pictures, and leaves a run folder.</summary>
/// <param name="options">Checked.</param>
/// <param name="report">Told of everything that happens, on the thread that trains.</param>
public sealed class TrainingLoop(TrainingOptions options, Action<TrainingEvent> report)
{
    private readonly SkippedFiles skipped = new();

    /// <summary>Runs from the first step to the last.</summary>
    /// <exception cref="TrainerException">Pictures, options or disk don't allow it; what was saved stands.</exception>
    public RunDone Run(CancellationToken cancel = default)
    {
        var clock = Stopwatch.StartNew();
        skipped.Skipped += file => report(new PictureSkipped(file.Path, file.Reason));
        RunFolder.RequireFree(options.Out);
        var startWeights = options.Weights is { } path ? WeightFile.Open(path) : null;
        var data = TrainingData.Scan(options, skipped);
        var threads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount;
        var device = TorchRuntime.Prepare(options.Device, threads);

        manual_seed(options.Seed);
        using var network = new EmbeddingNetwork();
        using var head = new ArcFaceHead(Labels.Count, EmbeddingNetwork.EmbeddingSize, double.DegreesToRadians(options.Margin), options.Scale);
        Load(startWeights, network);
        network.to(device);
        head.to(device);
        using var updater = new Updater(network.parameters(), head.parameters(), options);

        var folder = RunFolder.Create(options.Out);
        var record = Record(data, device, threads);
        AtomicFile.WriteText(folder.Options, JsonSerializer.Serialize(record, Json.Indented) + "\n");
        PartsFile.Write(folder.Parts, data);
        var tell = Telling(new MetricsLog(folder.Metrics));
        tell(new DataReady(record.Normals, record.Negatives, record.Device, threads));
        Advise(data, tell);

        var loader = new BatchLoader(options.Batch, threads, skipped);
        var validator = new Validator(new Embedder(network, device), loader);
        var keeper = new BestKeeper(folder, options, data, validator, JsonSerializer.Serialize(options, Json.Line));
        var sampler = new EpochSampler(data.Normals.Train, data.Negatives.Train, (ulong)options.Seed);
        var epochs = new Epochs(options, sampler, loader, network, head, updater, device);
        var step = 0;
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            step = epochs.Train(epoch, step, tell, cancel);
            if ((epoch + 1) % options.SaveInterval == 0 || epoch == options.Epochs - 1)
            {
                tell(keeper.ValidateAndSave(epoch, step, network, head, updater, cancel));
                folder.WriteSkipped(skipped.All);
            }
        }

        var done = new RunDone(options.Out, keeper.BestEpoch, clock.Elapsed.TotalSeconds, skipped.Count);
        tell(done);
        return done;
    }

    private Action<TrainingEvent> Telling(MetricsLog log) => happened =>
    {
        log.Add(happened);
        report(happened);
    };

    private void Load(WeightFile? file, EmbeddingNetwork network)
    {
        if (file is not null)
        {
            var (loaded, notInFile, notUsed) = StateDict.Load(network, file);
            report(new WeightsLoaded(file.FileName, loaded, notInFile, notUsed));
        }
    }

    private RunRecord Record(TrainingData data, Device device, int threads) => new(
        options,
        RunRecord.TrainerVersion,
        RunRecord.TorchSharpVersion,
        __version__,
        device.type.ToString().ToLowerInvariant(),
        threads,
        options.Weights ?? "random",
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
            tell(new Notice($"Only {data.Normals.Calibration.Count} normals calibrate the threshold: its promise of {options.Accept:P0} is a rough one. "
                + "100 photos of the subject and more make it firm."));
        }
    }
}
