using Trainer.Core.Networks;
using Trainer.Core.Optimizing;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using Trainer.Core.Tests.Weights;
using Trainer.Core.Training;
using Trainer.Core.Training.Planning;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Safetensors;
using Xunit;

namespace Trainer.Core.Tests.Training;

public sealed class FailedTrainingTests : IDisposable
{
    private readonly SmallTraining small = new();

    public void Dispose() => small.Dispose();

    [Fact]
    public void TooFewNormalsAreRefusedBeforeAnythingIsWritten()
    {
        var options = small.Options(epochs: 1) with { Normal = DrawnPictures.Normals(small.Folder, "two", 2) };

        var error = Assert.Throws<TrainerException>(() => small.Train(options));

        Assert.Contains("holds 2 pictures that can be read; at least 3 are needed", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(options.Out));
    }

    [Fact]
    public void BrokenNormalsAloneAreRefused()
    {
        for (var i = 0; i < 6; i++)
        {
            small.Folder.Write($"broken/{i}.jpg", DrawnPictures.HalfAJpeg(i));
        }

        var options = small.Options(epochs: 1) with { Normal = Path.Combine(small.Folder.Root, "broken") };

        var error = Assert.Throws<TrainerException>(() => small.Train(options));

        Assert.StartsWith($"None of the pictures in '{options.Normal}' can be read (6 files).", error.Message, StringComparison.Ordinal);
        Assert.Equal(6, small.Events.OfType<PictureSkipped>().Count());
        Assert.False(Directory.Exists(options.Out));
    }

    [Fact]
    public void PicturesThatBreakMeanwhileAreListedAndRefused()
    {
        var options = small.Options(epochs: 1) with { CacheLimit = 0 }; // with a cache they could still be read

        var error = Assert.Throws<TrainerException>(
            () => new TrainingLoop(TrainingPlan.Make(options, BreakAllOnceTheyAreSplit), BreakAllOnceTheyAreSplit).Run());

        Assert.StartsWith(
            "Of the 16 training pictures of an epoch too few can be read for one batch of 8.", error.Message, StringComparison.Ordinal);
        var skipped = new RunFolder(options.Out).ReadSkipped();
        Assert.InRange(skipped.Count, 9, 16); // at least one of each batch

        void BreakAllOnceTheyAreSplit(TrainingEvent happened)
        {
            if (happened is DataReady)
            {
                Array.ForEach([.. Directory.GetFiles(options.Normal), .. Directory.GetFiles(options.Coco)], path =>
                    File.WriteAllBytes(path, DrawnPictures.HalfAJpeg(0)));
            }
        }
    }

    [Fact]
    public void LossThatIsNoNumberStopsTheRunAndNamesItsPictures()
    {
        var path = small.Folder.PathOf("start.safetensors");
        using var network = new EmbeddingNetwork();
        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, StateDict.Save(network).Select(WithNaN)));

        var error = Assert.Throws<TrainerException>(() => small.Train(small.Options(epochs: 1) with { Weights = path }));

        Assert.StartsWith(
            "The loss is NaN at step 0 (epoch 1, step 1 of it). Training ran away; ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Start anew with a lower --lr (it is 0.001)", error.Message, StringComparison.Ordinal);
        Assert.Equal(8, error.Message.Split('\n').Count(line => line.EndsWith(".jpg", StringComparison.Ordinal)));
        Assert.False(File.Exists(new RunFolder(Path.Combine(small.Folder.Root, "run")).LastCheckpoint));

        static WeightTensor WithNaN(WeightTensor tensor) =>
            tensor.Name == "fc.bias" ? Checkpoints.Floats(tensor.Name, tensor.Shape, [.. Enumerable.Repeat(float.NaN, tensor.Count)])
            : tensor;
    }

    [Fact]
    public void WeightsThatAreNoNumbersAreSeen()
    {
        var options = small.Options(epochs: 1);
        using var network = new EmbeddingNetwork();
        using var loss = new Core.Losses.HypersphereHead(EmbeddingNetwork.EmbeddingSize, 16);
        using var updater = new Updater(network, loss, options, startsRandom: true);
        var before = updater.IsFinite;

        StateDict.Load(network,
            new WeightFile("x",
            StateDict.Save(network)
            .Select(t => t.Name == "fc.bias" ? Checkpoints.Floats(t.Name, t.Shape, [float.NaN, .. new float[t.Count - 1]]) : t)));

        Assert.Equal((true, false), (before, updater.IsFinite));
    }

    [Fact]
    public void FolderThatIsDeletedMeanwhileIsSaid()
    {
        var options = small.Options(epochs: 2) with { CheckpointEvery = "1" };

        var error = Assert.Throws<TrainerException>(
            () => new TrainingLoop(TrainingPlan.Make(options, DeleteAfterTheFirstStep), DeleteAfterTheFirstStep).Run());

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
        var options = small.Options(epochs: 1) with { Coco = small.Folder.PathOf("gone"), Weights = StartWeights.Auto };

        var error = Assert.Throws<TrainerException>(() => small.Train(options));

        Assert.StartsWith("There is no folder", error.Message, StringComparison.Ordinal);
        Assert.Empty(small.Events);
    }
}
