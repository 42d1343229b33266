using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Runs.Options;
using Trainer.Core.Training;
using Trainer.Core.Training.Planning;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Safetensors;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Training;

public sealed class ClosedFormTrainingTests : IDisposable
{
    private readonly SmallTraining training = new();

    public void Dispose() => training.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TheRunHoldsAComputedHeadAndAnAxis(int epochs)
    {
        var run = Train(epochs);

        using var gate = TrainedGate.Load(run.BestCheckpoint, CPU);

        Assert.Equal(FeatureKind.Depths, gate.Network.Kind);
        Assert.Equal(ClosedFormHead.Axis(EmbeddingNetwork.EmbeddingSize), gate.Checkpoint.Centroid.Values);
        Assert.Equal(Math.Sqrt(0.5), gate.Threshold, 1e-6);
        Assert.All(gate.Network.Head.weight[0].data<float>().ToArray(), weight => Assert.Equal(0, weight));
        Assert.Equal(epochs > 0, ClassesFile.Read(run.Classes).Count > 0);
    }

    [Fact]
    public void EveryPhotoOfTheSubjectIsJudgedByAHeadWithoutIt()
    {
        var run = Train(epochs: 0);
        using var gate = TrainedGate.Load(run.BestCheckpoint, CPU);
        var parts = RunParts.Find(run, SetLabel.Normal);
        ImageEntry[] held = [.. parts.Train, .. parts.Calibration, .. parts.Test];

        Assert.Equal(held.Select(image => image.ContentKey).ToHashSet(), gate.Checkpoint.HeldOut.Keys.ToHashSet());
        foreach (var image in held)
        {
            var batch = new BatchLoader(Preprocessing.Default, 1, 1, new SkippedFiles()).Load([image]).Single();
            Assert.Equal([gate.Checkpoint.HeldOut[image.ContentKey]], gate.Cosines(batch));
            var known = gate.Cosines(new Batch(batch.Pixels, [default]))[0]; // the head itself, which knows the photo
            Assert.True(known > gate.Checkpoint.HeldOut[image.ContentKey],
                $"{known} isn't above {gate.Checkpoint.HeldOut[image.ContentKey]}");
        }
    }

    [Fact]
    public void PhotosThatTrainedAreCounted()
    {
        var run = Train(epochs: 0);
        var parts = RunParts.Find(run, SetLabel.Normal);

        Assert.Equal(parts.Train.Count, RunParts.CountTrained(run, [.. parts.Train, .. parts.Calibration, .. parts.Test]));
        Assert.Equal(0, RunParts.CountTrained(
            run, ImageFolder.Scan(DrawnPictures.Normals(training.Folder, "other", 3, first: 500)).Images));
    }

    [Fact]
    public void KnownLookAlikesServeTheHeadAndSomeAreKeptForTheTest()
    {
        var folder = DrawnPictures.Negatives(training.Folder, "leaves", 10, first: 700);
        var run = training.Train(
            training.Options(epochs: 0)
            with
            { Gate = GateKind.ClosedForm, Negative = new Dictionary<string, string> { ["broad leaves"] = folder } });

        var test = Assert.Single(RunPictures.TestSets(run, _ => { }), set => set.Name == "broad leaves").Images;
        var trained = RunPictures.OfGate(run).LookAlikes;
        Assert.Equal((2, 8), (test.Count, trained.Count)); // 15 of 100
        Assert.Empty(test.Select(image => image.Path).Intersect(trained.Select(image => image.Path)));
        Assert.Equal(folder, run.ReadRecord().Options.Negative["broad leaves"]);
        using var gate = TrainedGate.Load(run.BestCheckpoint, CPU);
        var last = gate.Network.Head.weight[EmbeddingNetwork.EmbeddingSize - 1].data<float>().ToArray(); // the axis to them
        Assert.Contains(last, weight => weight != 0);
    }

    [Fact]
    public void AnyPhotoThatIsSubjectAndLookAlikeAtOnceIsTold()
    {
        var options = training.Options(epochs: 0)
            with
        {
            Gate = GateKind.ClosedForm,
            Negative = new Dictionary<string, string> { ["leaves"] = DrawnPictures.Negatives(training.Folder, "leaves", 4, first: 700) }
        };
        var photo = Directory.GetFiles(options.Normal).Order(StringComparer.Ordinal).First();
        File.Copy(photo, Path.Combine(options.Negative["leaves"], "copy" + Path.GetExtension(photo)));

        var told = new List<TrainingEvent>();
        _ = TrainingPlan.Make(options, told.Add);

        Assert.Contains(told.OfType<Notice>(), notice => notice.Text.StartsWith(
            $"1 picture lies both in '{options.Normal}' (--normal) and in '{options.Negative["leaves"]}' (--negative leaves)",
            StringComparison.Ordinal));
    }

    [Fact]
    public void BaselinesNeedNoCountersOfBatchNorms()
    {
        var weights = training.Folder.PathOf("folded.safetensors");
        using (var network = new EmbeddingNetwork())
        {
            AtomicFile.Write(weights, stream =>
                SafetensorsFile.Write(
                stream, StateDict.Save(network).Where(tensor => !tensor.Name.EndsWith("num_batches_tracked", StringComparison.Ordinal))));
        }

        var run = training.Train(
            training.Options(epochs: 0) with { Gate = GateKind.ClosedForm, Weights = weights, WeightsInput = WeightsInput.Unit });
        using var gate = TrainedGate.Load(run.BestCheckpoint, CPU);
        var loader = new BatchLoader(Preprocessing.Default, 8, 2, new SkippedFiles());
        var sets = new Evaluator(gate, loader).Evaluate(RunPictures.TestSets(run, _ => { }));

        Assert.Equal([FrozenBaselines.ByCentroid, FrozenBaselines.ByNearest],
            RunBaselines.Measure(run, sets, CPU, loader).Select(baseline => baseline.Name));
    }

    [Fact]
    public void RandomWeightsAreNoBaseline()
    {
        var error = Assert.Throws<TrainerException>(
            () => RunBaselines.Measure(Train(epochs: 0), [], CPU, new BatchLoader(Preprocessing.Default, 8, 2, new SkippedFiles())));

        Assert.StartsWith("This run started from random weights", error.Message, StringComparison.Ordinal);
    }

    private RunFolder Train(int epochs) => training.Train(training.Options(epochs) with { Gate = GateKind.ClosedForm });
}
