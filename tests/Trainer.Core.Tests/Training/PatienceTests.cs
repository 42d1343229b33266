using Trainer.Core.Gates;
using Trainer.Core.Metrics;
using Trainer.Core.Runs;
using Trainer.Core.Training;
using Trainer.Core.Validation;
using Xunit;

namespace Trainer.Core.Tests.Training;

public sealed class PatienceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void PlateauGrowsUntilItRises()
    {
        Assert.Equal([0, 1, 0, 1, 2], Lengths(0.80, 0.80, 0.95, 0.94, 0.95));
    }

    /// <summary>Each step is within the noise of the one before; together they are not.</summary>
    [Fact]
    public void SmallStepsAddUpToARise()
    {
        Assert.Equal([0, 1, 0], Lengths(0.90, 0.91, 0.92));
    }

    [Fact]
    public void WhereNothingCanBeComparedNothingSettles()
    {
        Assert.Equal([0, 0, 0], Lengths(double.NaN, double.NaN, double.NaN));
    }

    [Fact]
    public void TrainingStopsOnceValidationHasSettled()
    {
        var events = new List<TrainingEvent>();
        var options = Options("run") with { Patience = 2 };

        var done = new TrainingLoop(TrainingPlan.Make(options, events.Add), events.Add).Run(TestContext.Current.CancellationToken);

        var validations = events.OfType<Validated>().ToArray();
        Assert.InRange(validations.Length, 3, options.Epochs - 1);
        Assert.Contains(events.OfType<Notice>(), notice => notice.Text
            == $"Stopped after {validations.Length} of {options.Epochs} epochs: 2 validations in a row brought nothing new (--patience 2).");
        Assert.True(File.Exists(new RunFolder(done.Folder).BestCheckpoint));
    }

    /// <summary>How long nothing new has come is in the checkpoint: a resumed run stops where an unbroken one does.</summary>
    [Fact]
    public void ResumedRunStopsWhereAnUnbrokenOneDoes()
    {
        var unbroken = new List<TrainingEvent>();
        _ = new TrainingLoop(TrainingPlan.Make(Options("unbroken") with { Patience = 2 }, unbroken.Add), unbroken.Add).Run(TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var last = unbroken.OfType<Validated>().Last().Epoch;

        Assert.ThrowsAny<OperationCanceledException>(() => new TrainingLoop(TrainingPlan.Make(Options("stopped") with { Patience = 2 }, StopBeforeLast), StopBeforeLast).Run(stop.Token));
        var resumed = new List<TrainingEvent>();
        _ = new TrainingLoop(TrainingPlan.Resume(ResumedRun.Open(Path.Combine(folder.Root, "stopped", "run")), resumed.Add), resumed.Add).Run(TestContext.Current.CancellationToken);

        Assert.Equal(unbroken.OfType<Validated>().Last(), resumed.OfType<Validated>().Last());
        Assert.Equal(last, resumed.OfType<EpochDone>().Last().Epoch);

        void StopBeforeLast(TrainingEvent happened)
        {
            if (happened is Validated validated && validated.Epoch == last - 1)
            {
                stop.Cancel();
            }
        }
    }

    /// <summary>While pictures are small nothing is settled: the gate will be used at full size.</summary>
    [Fact]
    public void SmallPicturesAreNotWaitedFor()
    {
        var events = new List<TrainingEvent>();

        _ = new TrainingLoop(TrainingPlan.Make(Options("run") with { Gate = GateKind.Centroid, Patience = 1, Epochs = 6, SmallFirst = 1 }, events.Add), events.Add).Run(TestContext.Current.CancellationToken);

        Assert.Equal(6, events.OfType<Validated>().Count());
    }

    private TrainingOptions Options(string name) => new()
    {
        Normal = DrawnPictures.Normals(folder, $"{name}/normal", 12),
        Coco = DrawnPictures.Negatives(folder, $"{name}/coco", 12),
        Out = Path.Combine(folder.Root, name, "run"),
        Epochs = 12,
        Batch = 8,
        SaveInterval = 1,
        Weights = StartWeights.None,
        Device = "cpu",
        Threads = 2,
    };

    private static int[] Lengths(params double[] aurocs)
    {
        var plateau = default(Plateau);
        return [.. aurocs.Select(auroc => (plateau = Plateau.After(plateau, Result(auroc))).Length)];
    }

    /// <summary>Of 100 pictures each.</summary>
    private static ValidationResult Result(double auroc)
    {
        var hundred = Distribution.Of(new float[100]);
        return new(new Centroid([1], 100, 1), new Threshold(0.5f, 0.95, 100), hundred, hundred, auroc, FprAt95Tpr: 0, FalseAcceptRate: 0);
    }
}
