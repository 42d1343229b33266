using Trainer.Core.Runs.Options;
using Trainer.Core.Training.Planning;
using Xunit;

namespace Trainer.Core.Tests.Training.Planning;

public sealed class GateOptionsTests
{
    private static readonly TrainingOptions ClosedForm = new() { Normal = "rice", Coco = "coco", Out = "runs/rice" };

    [Fact]
    public void DefaultsBelongToEitherGate()
    {
        Assert.Same(ClosedForm, GateOptions.Require(ClosedForm));
        _ = GateOptions.Require(ClosedForm with { Gate = GateKind.Centroid });
    }

    [Fact]
    public void AnOptionOfTheOtherGateIsRefusedByName()
    {
        var error = Assert.Throws<TrainerException>(() => GateOptions.Require(ClosedForm with { Loss = LossKind.Bce }));

        Assert.Equal("The option loss is bce, but only a centroid gate has it. Add --gate centroid, or leave it out.", error.Message);
        _ = GateOptions.Require(ClosedForm with { Gate = GateKind.Centroid, Loss = LossKind.Bce });
    }

    [Fact]
    public void ACentroidGateHasNoClusters() =>
        Assert.Contains("only a closed-form gate",
            Assert.Throws<TrainerException>(() => GateOptions.Require(ClosedForm with { Gate = GateKind.Centroid, Clusters = 7 })).Message,
            StringComparison.Ordinal);

    [Fact]
    public void WhatBothHaveIsFree() =>
        _ = GateOptions.Require(ClosedForm with { Lr = 0.1, Margin = 20, Scale = 8, Epochs = 0, Batch = 8 });
}
