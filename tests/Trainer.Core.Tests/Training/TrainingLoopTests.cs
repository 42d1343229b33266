using System.Text.Json;
using Trainer.Core.Gates;
using Trainer.Core.Networks;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Options;
using Trainer.Core.Tests.Weights.Safetensors;
using Trainer.Core.Training;
using Trainer.Core.Training.Planning;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Safetensors;
using Xunit;

namespace Trainer.Core.Tests.Training;

public sealed class TrainingLoopTests(TrainingRun run) : IClassFixture<TrainingRun>, IDisposable
{
    private readonly SmallTraining small = new();

    public void Dispose() => small.Dispose();

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
            new[] { typeof(DataReady), typeof(DuplicatesFound), typeof(EpochDone), typeof(Notice), typeof(PictureSkipped), typeof(PlanMade),
                typeof(RunDone), typeof(StepDone), typeof(Validated), typeof(Working) },
            kinds.OrderBy(kind => kind.Name, StringComparer.Ordinal));
        Assert.Equal(
            [new(run.Options.Normal, 28, 28), new DuplicatesFound(run.Options.Coco, 22, 22)], // each differs from all others
            run.Events.OfType<DuplicatesFound>());
        var plan = Assert.IsType<PlanMade>(run.Events[0]);
        Assert.Equal((Text(run.Options), StartWeights.None), (Text(plan.Options), plan.StartWeights));
        Assert.IsType<DataReady>(
            run.Events.Skip(1).First(happened => happened is not (PictureSkipped or DuplicatesFound or Working or Notice)));
        Assert.Same(run.Done, run.Events[^1]);
        Assert.Equal(Enumerable.Range(0, run.Options.Epochs), run.Events.OfType<EpochDone>().Select(epoch => epoch.Epoch));
        Assert.Equal([1, 3, 4], run.Events.OfType<Validated>().Select(validation => validation.Epoch)); // every second one, and the last
        Assert.Equal(Enumerable.Range(0, run.WorkingSets.Count), run.Events.OfType<StepDone>().Select(step => step.Step));
    }

    [Fact]
    public void BrokenPicturesAreReportedOnceAndListed()
    {
        Assert.Equal(run.Broken, run.Events.OfType<PictureSkipped>().Select(picture => picture.Path)); // in the order of their names
        Assert.Equal(run.Broken, run.Run.ReadSkipped().Select(file => file.Path));
        Assert.All(run.Run.ReadSkipped(), file => Assert.NotEmpty(file.Reason));
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
        run.Events.OfType<Notice>(), notice =>
        notice.Text.StartsWith("There are fewer training negatives (16) than normals (20)", StringComparison.Ordinal));

    [Fact]
    public void FewCalibrationNormalsAreSaid() => Assert.Contains(
        run.Events.OfType<Notice>(), notice =>
        notice.Text.StartsWith("The threshold is calibrated by 4 normals only", StringComparison.Ordinal));

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

        Assert.Equal(Text(run.Options), Text(record.Options.Understand()));
        Assert.Equal(new PartCounts(20, 4, 4), record.Normals);
        Assert.Equal(new PartCounts(16, 3, 3), record.Negatives);
        Assert.Equal(("cpu", 2, StartWeights.None, run.Data.Fingerprint),
            (record.Device, record.Threads, record.StartWeights, record.DataFingerprint));
    }

    [Fact]
    public void MetricsHoldEpochsValidationsAndSomeSteps()
    {
        var kinds = File.ReadAllLines(run.Run.Metrics)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("event").ToString()).CountBy(kind => kind);

        Assert.Equal([("epoch", 5), ("step", 2), ("validation", 3)], kinds.Select(kind => (kind.Key, kind.Value)).Order());
    }

    [Fact]
    public void SameSeedGivesTheSameNumbersAndAnotherDoesNot()
    {
        var options = small.Options(epochs: 1);

        var first = Tensors(small.Train(options with { Out = small.Folder.PathOf("first") }));
        var again = Tensors(small.Train(options with { Out = small.Folder.PathOf("again") }));
        var other = Tensors(small.Train(options with { Out = small.Folder.PathOf("other"), Seed = 1 }));

        Assert.Equal(first.Keys, again.Keys);
        Assert.All(first.Values, tensor => SafetensorsFileTests.AssertSame(tensor, again[tensor.Name]));
        Assert.NotEqual(first["gate.centroid"].ToSingles(), other["gate.centroid"].ToSingles());
    }

    [Fact]
    public void StartWeightsAreLoadedAndRecorded()
    {
        var path = small.Folder.PathOf("start.safetensors");
        using var network = new EmbeddingNetwork();
        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, StateDict.Save(network)));

        var left = small.Train(small.Options(epochs: 1) with { Weights = path });

        var loaded = Assert.Single(small.Events.OfType<WeightsLoaded>());
        Assert.Equal((path, StateDict.Save(network).Count), (loaded.File, loaded.Loaded));
        Assert.Equal(path, left.ReadRecord().StartWeights);
    }

    [Fact]
    public void AnotherRunsCheckpointIsAStart()
    {
        var left = small.Train(
            small.Options(epochs: 1)
            with
            { Weights = run.Run.BestCheckpoint, Lr = 1e-9, FeaturesLr = 1e-9, WeightDecay = 0, Out = small.Folder.PathOf("second") });

        var loaded = Assert.Single(small.Events.OfType<WeightsLoaded>());
        Assert.Equal((run.Run.BestCheckpoint, 0, 0), (loaded.File, loaded.NotInFile.Count, loaded.NotUsed.Count));
        var before = SafetensorsFile.Read(run.Run.BestCheckpoint).Tensors["network.features.0.0.weight"].ToSingles();
        Assert.All(before.Zip(Tensors(left)["network.features.0.0.weight"].ToSingles()), pair =>
            Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void CancellationLeavesCheckpointsThatLoad()
    {
        using var cancellation = new CancellationTokenSource();
        var options = small.Options(epochs: 50) with { SaveInterval = 1 };

        Assert.ThrowsAny<OperationCanceledException>(
            () => new TrainingLoop(TrainingPlan.Make(options, StopInTheThirdEpoch), StopInTheThirdEpoch).Run(cancellation.Token));

        var left = RunFolder.Open(options.Out);
        using var best = TrainedGate.Load(left.BestCheckpoint, TorchSharp.torch.CPU);
        Assert.InRange(best.Checkpoint.Epoch, 0, 1); // on so few pictures, rounding decides which of the two is better
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
        var before = Directory.GetFiles(run.Options.Out)
            .ToDictionary(file => file, file => (File.GetLastWriteTimeUtc(file), new FileInfo(file).Length));

        var error = Assert.Throws<TrainerException>(() => small.Train(run.Options));

        Assert.Contains("already holds a run", error.Message, StringComparison.Ordinal);
        Assert.Equal(before,
            Directory.GetFiles(run.Options.Out)
            .ToDictionary(file => file, file => (File.GetLastWriteTimeUtc(file), new FileInfo(file).Length)));
    }

    private static IReadOnlyDictionary<string, WeightTensor> Tensors(RunFolder left) => SafetensorsFile.Read(left.BestCheckpoint).Tensors;

    private static string Text(TrainingOptions options) => OptionsFile.Layer(options).ToJsonString();
}
