using System.Text.Json;
using Trainer.Core.Gates;
using Trainer.Core.Networks;
using Trainer.Core.Tests.Weights;
using Trainer.Core.Training;
using Trainer.Core.Weights;
using Xunit;

namespace Trainer.Core.Tests.Training;

public sealed class TrainingLoopTests(TrainingRun run) : IClassFixture<TrainingRun>, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<TrainingEvent> events = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void LossHalvesWithinTwentySteps()
    {
        var losses = run.Events.OfType<StepDone>().Select(step => step.Loss).ToArray();

        Assert.InRange(losses.Length, 15, 20);
        Assert.InRange(losses[^4..].Average(), 0, losses[..2].Average() / 2);
    }

    [Fact]
    public void EveryKindOfEventIsToldInOrder()
    {
        var kinds = run.Events.Select(happened => happened.GetType()).Distinct().ToArray();

        Assert.Equal(
            new[] { typeof(DataReady), typeof(DuplicatesFound), typeof(EpochDone), typeof(Notice), typeof(PictureSkipped), typeof(RunDone), typeof(StepDone), typeof(Validated), typeof(Working) },
            kinds.OrderBy(kind => kind.Name, StringComparer.Ordinal));
        Assert.Equal(
            [new(run.Options.Normal, 28, 28), new DuplicatesFound(run.Options.Coco, 22, 22)], // each differs from all others
            run.Events.OfType<DuplicatesFound>());
        Assert.IsType<DataReady>(run.Events.First(happened => happened is not (PictureSkipped or DuplicatesFound or Working)));
        Assert.Same(run.Done, run.Events[^1]);
        Assert.Equal(Enumerable.Range(0, run.Options.Epochs), run.Events.OfType<EpochDone>().Select(epoch => epoch.Epoch));
        Assert.Equal([1, 3, 4], run.Events.OfType<Validated>().Select(validation => validation.Epoch)); // every second, and the last
        Assert.Equal(Enumerable.Range(0, run.WorkingSets.Count), run.Events.OfType<StepDone>().Select(step => step.Step));
    }

    [Fact]
    public void BrokenPicturesAreReportedOnceAndListed()
    {
        Assert.Equal(run.Broken, run.Events.OfType<PictureSkipped>().Select(picture => picture.Path)); // in the order of their names
        Assert.Equal(run.Broken, File.ReadAllLines(run.Run.Skipped).Select(line => line.Split('\t')[0]));
        Assert.All(File.ReadAllLines(run.Run.Skipped), line => Assert.NotEmpty(line.Split('\t')[1]));
        Assert.Equal(run.Broken.Count, run.Done.Skipped);
    }

    [Fact]
    public void BrokenPicturesAreInNoPart()
    {
        var parts = new[] { run.Data.Normals.Train, run.Data.Normals.Calibration, run.Data.Normals.Test };

        Assert.Empty(parts.SelectMany(part => part).Select(image => image.Path).Intersect(run.Broken));
    }

    [Fact]
    public void FewerNegativesThanNormalsAreSaidAndGoOn() => Assert.Contains(
        run.Events.OfType<Notice>(), notice => notice.Text.StartsWith("There are fewer training negatives (16) than normals (20)", StringComparison.Ordinal));

    [Fact]
    public void FewCalibrationNormalsAreSaid() => Assert.Contains(
        run.Events.OfType<Notice>(), notice => notice.Text.StartsWith("The threshold is calibrated by 4 normals only", StringComparison.Ordinal));

    [Fact]
    public void MemoryDoesNotGrowWithTheSteps()
    {
        const long Bound = 200L << 20; // one step's activations alone take as much
        var settled = run.WorkingSets[5..8].Max();

        Assert.InRange(run.WorkingSets[^3..].Min() - settled, long.MinValue, Bound);
    }

    [Fact]
    public void LeavesTheBestGate()
    {
        using var gate = TrainedGate.Load(run.Run.BestCheckpoint, TorchSharp.torch.CPU);
        var best = run.Events.OfType<Validated>().Last(validation => validation.Best);

        Assert.Equal(EmbeddingNetwork.EmbeddingSize, gate.Checkpoint.Centroid.Values.Length);
        Assert.Equal(gate.Checkpoint.Centroid.Values, EmbeddingText.Parse(File.ReadAllText(run.Run.Embedding)));
        Assert.Equal(best.Threshold, gate.Threshold, 1e-6);
        Assert.Equal((best.Epoch, run.Done.BestEpoch), (gate.Checkpoint.Epoch, best.Epoch));
    }

    [Fact]
    public void RecordSaysWhatDecidedTheRun()
    {
        var record = run.Run.ReadRecord();

        Assert.Equal(run.Options, record.Options);
        Assert.Equal(new PartCounts(20, 4, 4), record.Normals);
        Assert.Equal(new PartCounts(16, 3, 3), record.Negatives);
        Assert.Equal(("cpu", 2, StartWeights.None, run.Data.Fingerprint), (record.Device, record.Threads, record.StartWeights, record.DataFingerprint));
    }

    [Fact]
    public void MetricsHoldEpochsValidationsAndSomeSteps()
    {
        var kinds = File.ReadAllLines(run.Run.Metrics).Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("event").ToString()).CountBy(kind => kind);

        Assert.Equal([("epoch", 5), ("step", 2), ("validation", 3)], kinds.Select(kind => (kind.Key, kind.Value)).Order());
    }

    [Fact]
    public void SameSeedGivesTheSameNumbersAndAnotherDoesNot()
    {
        var options = Small(epochs: 1);

        var first = Tensors(Train(options with { Out = folder.PathOf("first") }));
        var again = Tensors(Train(options with { Out = folder.PathOf("again") }));
        var other = Tensors(Train(options with { Out = folder.PathOf("other"), Seed = 1 }));

        Assert.Equal(first.Keys, again.Keys);
        Assert.All(first.Values, tensor => SafetensorsFileTests.AssertSame(tensor, again[tensor.Name]));
        Assert.NotEqual(first["gate.centroid"].ToSingles(), other["gate.centroid"].ToSingles());
    }

    [Fact]
    public void StartWeightsAreLoadedAndRecorded()
    {
        var path = folder.PathOf("start.safetensors");
        using var network = new EmbeddingNetwork();
        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, StateDict.Save(network)));

        var left = Train(Small(epochs: 1) with { Weights = path });

        var loaded = Assert.Single(events.OfType<WeightsLoaded>());
        Assert.Equal((path, StateDict.Save(network).Count), (loaded.File, loaded.Loaded));
        Assert.Equal(path, left.ReadRecord().StartWeights);
    }

    [Fact]
    public void AnotherRunsCheckpointIsAStart()
    {
        var left = Train(Small(epochs: 1) with { Weights = run.Run.BestCheckpoint, Lr = 1e-9, FeaturesLr = 1e-9, WeightDecay = 0, Out = folder.PathOf("second") });

        var loaded = Assert.Single(events.OfType<WeightsLoaded>());
        Assert.Equal((run.Run.BestCheckpoint, 0, 0), (loaded.File, loaded.NotInFile.Count, loaded.NotUsed.Count));
        var before = SafetensorsFile.Read(run.Run.BestCheckpoint).Tensors["network.features.0.0.weight"].ToSingles();
        Assert.All(before.Zip(Tensors(left)["network.features.0.0.weight"].ToSingles()), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void CancellationLeavesCheckpointsThatLoad()
    {
        using var cancellation = new CancellationTokenSource();
        var options = Small(epochs: 50) with { SaveInterval = 1 };

        Assert.ThrowsAny<OperationCanceledException>(() => new TrainingLoop(options, StopInTheThirdEpoch).Run(cancellation.Token));

        var left = RunFolder.Open(options.Out);
        using var best = TrainedGate.Load(left.BestCheckpoint, TorchSharp.torch.CPU);
        Assert.Equal(1, best.Checkpoint.Epoch);
        Assert.NotEmpty(SafetensorsFile.Read(left.LastCheckpoint).Metadata["state"]);
        Assert.DoesNotContain(Directory.GetFiles(options.Out), file => file.EndsWith(".tmp", StringComparison.Ordinal));

        void StopInTheThirdEpoch(TrainingEvent happened)
        {
            if (happened is StepDone { Epoch: 2 })
            {
                cancellation.Cancel();
            }
        }
    }

    [Fact]
    public void ExistingRunIsRefusedAndUntouched()
    {
        var before = Directory.GetFiles(run.Options.Out).ToDictionary(file => file, file => (File.GetLastWriteTimeUtc(file), new FileInfo(file).Length));

        var error = Assert.Throws<TrainerException>(() => Train(run.Options));

        Assert.Contains("already holds a run", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(run.Options.Out).ToDictionary(file => file, file => (File.GetLastWriteTimeUtc(file), new FileInfo(file).Length)));
    }

    [Fact]
    public void TooFewNormalsAreRefusedBeforeAnythingIsWritten()
    {
        var options = Small(epochs: 1) with { Normal = DrawnPictures.Normals(folder, "two", 2) };

        var error = Assert.Throws<TrainerException>(() => Train(options));

        Assert.Contains("holds 2 pictures that can be read; at least 3 are needed", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(options.Out));
    }

    [Fact]
    public void BrokenNormalsAloneAreRefused()
    {
        for (var i = 0; i < 6; i++)
        {
            folder.Write($"broken/{i}.jpg", DrawnPictures.HalfAJpeg(i));
        }

        var options = Small(epochs: 1) with { Normal = Path.Combine(folder.Root, "broken") };

        var error = Assert.Throws<TrainerException>(() => Train(options));

        Assert.StartsWith($"None of the pictures in '{options.Normal}' can be read (6 files).", error.Message, StringComparison.Ordinal);
        Assert.Equal(6, events.OfType<PictureSkipped>().Count());
        Assert.False(Directory.Exists(options.Out));
    }

    [Fact]
    public void PicturesThatBreakMeanwhileAreListedAndRefused()
    {
        var options = Small(epochs: 1) with { CacheLimit = 0 }; // from a cache they would still be read

        var error = Assert.Throws<TrainerException>(() => new TrainingLoop(options, BreakAllOnceTheyAreSplit).Run());

        Assert.StartsWith("Of the 16 training pictures too few can be read for one batch of 8.", error.Message, StringComparison.Ordinal);
        var skipped = File.ReadAllLines(new RunFolder(options.Out).Skipped);
        Assert.InRange(skipped.Length, 9, 16); // of each batch one at least

        void BreakAllOnceTheyAreSplit(TrainingEvent happened)
        {
            if (happened is DataReady)
            {
                Array.ForEach([.. Directory.GetFiles(options.Normal), .. Directory.GetFiles(options.Coco)], path => File.WriteAllBytes(path, DrawnPictures.HalfAJpeg(0)));
            }
        }
    }

    [Fact]
    public void LossThatIsNoNumberStopsTheRunAndNamesItsPictures()
    {
        var path = folder.PathOf("start.safetensors");
        using var network = new EmbeddingNetwork();
        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, StateDict.Save(network).Select(WithNaN)));

        var error = Assert.Throws<TrainerException>(() => Train(Small(epochs: 1) with { Weights = path }));

        Assert.StartsWith("The loss is NaN at step 0 (epoch 1, step 1 of it). Training ran away; ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Start anew with a lower --lr (it is 0.001)", error.Message, StringComparison.Ordinal);
        Assert.Equal(8, error.Message.Split('\n').Count(line => line.EndsWith(".jpg", StringComparison.Ordinal)));
        Assert.False(File.Exists(new RunFolder(Path.Combine(folder.Root, "run")).LastCheckpoint));

        static WeightTensor WithNaN(WeightTensor tensor) => tensor.Name == "fc.bias" ? Checkpoints.Floats(tensor.Name, tensor.Shape, [.. Enumerable.Repeat(float.NaN, tensor.Count)]) : tensor;
    }

    [Fact]
    public void WeightsThatAreNoNumbersAreSeen()
    {
        var options = Small(epochs: 1);
        using var network = new EmbeddingNetwork();
        using var loss = new Core.Losses.HypersphereHead(EmbeddingNetwork.EmbeddingSize, 16);
        using var updater = new Updater(network, loss, options, startsRandom: true);
        var before = updater.IsFinite;

        StateDict.Load(network, new WeightFile("x", StateDict.Save(network).Select(t => t.Name == "fc.bias" ? Checkpoints.Floats(t.Name, t.Shape, [float.NaN, .. new float[t.Count - 1]]) : t)));

        Assert.Equal((true, false), (before, updater.IsFinite));
    }

    [Fact]
    public void FolderThatIsDeletedMeanwhileIsSaid()
    {
        var options = Small(epochs: 2) with { CheckpointEvery = "1" };

        var error = Assert.Throws<TrainerException>(() => new TrainingLoop(options, DeleteAfterTheFirstStep).Run());

        Assert.StartsWith("Can't write '", error.Message, StringComparison.Ordinal);

        void DeleteAfterTheFirstStep(TrainingEvent happened)
        {
            if (happened is StepDone { Step: 0 })
            {
                Directory.Delete(options.Out, recursive: true);
            }
        }
    }

    [Fact]
    public void FolderThatIsMissingIsSaidBeforeAnythingIsFetched()
    {
        var options = Small(epochs: 1) with { Coco = folder.PathOf("gone"), Weights = StartWeights.Auto };

        var error = Assert.Throws<TrainerException>(() => Train(options));

        Assert.StartsWith("There is no folder", error.Message, StringComparison.Ordinal);
        Assert.Empty(events);
    }

    private TrainingOptions Small(int epochs) => new()
    {
        Normal = DrawnPictures.Normals(folder, "normal", 12),
        Coco = DrawnPictures.Negatives(folder, "coco", 12),
        Out = Path.Combine(folder.Root, "run"),
        Epochs = epochs,
        Batch = 8,
        Weights = StartWeights.None,
        Device = "cpu",
        Threads = 2,
    };

    private RunFolder Train(TrainingOptions options)
    {
        _ = new TrainingLoop(options, events.Add).Run();
        return new RunFolder(options.Out);
    }

    private static IReadOnlyDictionary<string, WeightTensor> Tensors(RunFolder left) => SafetensorsFile.Read(left.BestCheckpoint).Tensors;
}
