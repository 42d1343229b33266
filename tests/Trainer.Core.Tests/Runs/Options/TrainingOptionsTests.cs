using Trainer.Core.Runs.Options;
using Xunit;

namespace Trainer.Core.Tests.Runs.Options;

public sealed class TrainingOptionsTests
{
    private static readonly TrainingOptions Defaults = new() { Normal = "rice", Coco = "coco", Out = "runs/rice" };

    public static TheoryData<TrainingOptions, string> OutsideTheirRange => new()
    {
        { Defaults with { Negative = new Dictionary<string, string> { ["coco"] = "other" } },
            "--negative is coco; it must be called by names of their own; 'normal' and 'coco' are those of --normal and --coco." },
        { Defaults with { Epochs = -1 }, "--epochs is -1; it must be at least 0." },
        { Defaults with { Batch = 1 }, "--batch is 1; it must be at least 2." },
        { Defaults with { SaveInterval = 0 }, "--save-interval is 0; it must be at least 1 epoch." },
        { Defaults with { Lr = 0 }, "--lr is 0; it must be above 0, at most 100." },
        { Defaults with { Lr = double.NaN }, "--lr is NaN; it must be above 0, at most 100." },
        { Defaults with { FeaturesLr = 0 }, "--features-lr is 0; it must be above 0, at most 100." },
        { Defaults with { ClassLr = -0.5 }, "--class-lr is -0.5; it must be above 0, at most 100." },
        { Defaults with { Momentum = 1 }, "--momentum is 1; it must be from 0 to below 1." },
        { Defaults with { TrainedShare = 1.1 }, "--trained-share is 1.1; it must be from 0 to 1." },
        { Defaults with { Clusters = 0 }, "--clusters is 0; it must be at least 1." },
        { Defaults with { WeightDecay = 11 }, "--weight-decay is 11; it must be from 0 to 10." },
        { Defaults with { Margin = 200 }, "--margin is 200; it must be from 0 to 90 degrees (28.6 is the usual 0.5 rad)." },
        { Defaults with { Margin = -1 }, "--margin is -1; it must be from 0 to 90 degrees (28.6 is the usual 0.5 rad)." },
        { Defaults with { Scale = 0 }, "--scale is 0; it must be above 0, at most 1000." },
        { Defaults with { Scale = double.PositiveInfinity }, "--scale is Infinity; it must be above 0, at most 1000." },
        { Defaults with { LeastArea = 0 }, "--least-area is 0; it must be from 0.01 to 1." },
        { Defaults with { Accept = 0 }, "--accept is 0; it must be above 0, at most 1 (0.95 means 95 of 100)." },
        { Defaults with { Accept = 95 }, "--accept is 95; it must be above 0, at most 1 (0.95 means 95 of 100)." },
        { Defaults with { Seed = -1 }, "--seed is -1; it must be at least 0." },
        { Defaults with { Threads = -1 }, "--threads is -1; it must be from 1 to 1024, or 0 for one for each core." },
        { Defaults with { Device = "gpu" }, "--device is gpu; it must be one of auto, cpu, cuda, mps." },
    };

    [Fact]
    public void DefaultsAreInRange() => Assert.Same(Defaults, Defaults.Checked());

    [Theory]
    [InlineData(LossKind.Hsc, 4)]
    [InlineData(LossKind.Arcface, 16)]
    [InlineData(LossKind.SubCenter, 16)]
    [InlineData(LossKind.Bce, 16)]
    public void ScaleSuitsTheLossUnlessItIsGiven(LossKind loss, double expected)
    {
        Assert.Equal(expected, (Defaults with { Gate = GateKind.Centroid, Loss = loss }).LossScale);
        Assert.Equal(8, (Defaults with { Loss = loss, Scale = 8 }).LossScale);
    }

    [Fact]
    public void BordersAreInRange()
    {
        var least = Defaults
            with
        {
            Epochs = 0,
            Clusters = 1,
            Batch = 2,
            SaveInterval = 1,
            Momentum = 0,
            TrainedShare = 0,
            WeightDecay = 0,
            LeastArea = 0.01,
            Margin = 0,
            Accept = 1,
            Seed = 0,
            Threads = 0
        };
        var most = Defaults
            with
        {
            TrainedShare = 1,
            Lr = 100,
            FeaturesLr = 100,
            ClassLr = 100,
            LeastArea = 1,
            WeightDecay = 10,
            Margin = 90,
            Scale = 1000,
            Threads = 1024,
            Seed = long.MaxValue
        };

        Assert.Same(least, least.Checked());
        Assert.Same(most, most.Checked());
    }

    [Theory]
    [MemberData(nameof(OutsideTheirRange))]
    public void WhatIsOutsideItsRangeIsNamedWithTheRange(TrainingOptions options, string message)
    {
        var error = Assert.Throws<TrainerException>(() => options.Checked());

        Assert.Equal(message, error.Message);
    }
}
