using System.Numerics.Tensors;
using System.Text.Json;
using Trainer.Core.Batching;
using Trainer.Core.Evaluation;
using Trainer.Core.Fitting;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Platform;
using Trainer.Core.Reporting;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Runs.Options;
using Trainer.Core.Tests.Export;
using Trainer.Core.Tests.Training;
using Trainer.Core.Training.Planning;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Reporting;

/// <summary>A run with random weights on drawn pictures, one of which has a hostile name, and its report.</summary>
[CollectionDefinition]
public sealed class ReportedRun : ICollectionFixture<ReportedRun>, IDisposable
{
    /// <summary>A name that a file system allows, and that must not become markup in a page.</summary>
    public const string Hostile = "<img src=x onerror=alert(1)> \"'&.jpg";

    public ReportedRun()
    {
        var options = new TrainingOptions
        {
            Normal = DrawnPictures.Normals(Folder, "someone's home/normal", 24),
            Coco = DrawnPictures.Negatives(Folder, "someone's home/coco", 20),
            Out = Folder.PathOf("someone's home/run & more"),
        };
        foreach (var folder in new[] { options.Normal, options.Coco })
        {
            File.Move(Path.Combine(folder, "003.jpg"), Path.Combine(folder, Hostile));
        }

        var data = TrainingData.Scan(options, new CachedReader(), threads: 2, new SkippedFiles(), _ => { });
        Run = RunFolder.Create(options.Out);
        PartsFile.Write(Run.Parts, data.Normals, data.Negatives);
        var record = new RunRecord(
            SavedOptions.Of(options), "1", "2", "3", "cpu", 2, "none", data.Fingerprint, PartCounts.Of(data.Normals),
            PartCounts.Of(data.Negatives));
        Run.WriteRecord(record);
        File.WriteAllText(Run.Metrics, JsonSerializer.Serialize<MetricsLine>(new EpochLine(0, 1, 2.5, 1e-3, 10, 7), Json.Line) + "\n");
        Run.WriteSkipped([new(Path.Combine(options.Normal, Hostile), $"Can't read '{Path.Combine(options.Normal, Hostile)}'")]);
        Gate = Load(Run.BestCheckpoint);
        Sets = new Evaluator(Gate, Loader()).Evaluate([
            new("normal", SetRole.Normal, [.. data.Normals.Train, .. data.Normals.Test]),
            new("coco", SetRole.Negative, [.. data.Negatives.Train, .. data.Negatives.Test]),
            new("<b>weeds</b>", SetRole.Negative, data.Negatives.Test),
        ]);
        Data = data;
        Report = Build(DateTimeOffset.UnixEpoch);
    }

    public TemporaryFolder Folder { get; } = new();

    public RunFolder Run { get; }

    public TrainedGate Gate { get; }

    public TrainingData Data { get; }

    public IReadOnlyList<SetResult> Sets { get; }

    public RunReport Report { get; }

    public RunReport Build(DateTimeOffset written) => new ReportBuilder(Run, Gate, threads: 2).Build(Sets, "test", written);

    public static BatchLoader Loader() => new(Preprocessing.Default, batchSize: 8, workers: 2, new SkippedFiles());

    public void Dispose()
    {
        Gate.Dispose();
        Folder.Dispose();
    }

    /// <summary>
    /// A gate that accepts some pictures and rejects others. Random weights map all pictures to nearly the same direction, so its centroid
    /// is the direction that separates two of them.
    /// </summary>
    private TrainedGate Load(string path)
    {
        var random = RandomGate.Save(Folder.PathOf("random.ckpt"), RandomGate.Centroid(), threshold: 0);
        using var first = TrainedGate.Load(random, CPU);
        var options = Run.ReadRecord().Options;
        var batches = Loader().Load(Core.Catalog.ImageFolder.Scan(options.Normal).Images).Select(new Embedder(first.Network, CPU).Embed)
            .ToArray();
        var embeddings = EmbeddingSet.Concat(batches, Embedder.EmbeddingSize);
        var difference = new float[Embedder.EmbeddingSize];
        TensorPrimitives.Subtract(embeddings[0], embeddings[1], difference);
        var centroid = Centroid.Of(new EmbeddingSet(difference, difference.Length));
        var cosines = centroid.Cosines(embeddings);
        RandomGate.Save(path, centroid, Core.Metrics.AcceptRate.HighestThreshold(cosines, 0.75));
        return TrainedGate.Load(path, CPU);
    }
}
