using Trainer.Core.Evaluation;
using Trainer.Core.Export.Cards;
using Trainer.Core.Export.Proof;
using Trainer.Core.Gates;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Runs.Options;
using Xunit;

namespace Trainer.Core.Tests.Export;

public sealed class ModelCardTests
{
    private static readonly TrainingOptions Options = new()
    {
        Normal = "photos/rice",
        Coco = "data/coco",
        Out = "runs/rice",
        Negative = new Dictionary<string, string> { ["weeds"] = "photos/weeds", ["reed|cane"] = "photos/reed" },
    };

    private static readonly CardFacts Rice = new(
        "rice",
        new RunRecord(SavedOptions.Of(Options), "0.0.9", "0.107.0", "2.10.0.0", "cpu", 2, "/home/someone/mobilenet_v2.pth", "7d3429b1",
            new(192, 41, 41), new(440, 94, 94)),
        new Checkpoint(9, 390, new Centroid([0.6f, 0.8f], 274, 0.9), new Threshold(0.70710677f, 0.95, 233),
            "{}")
        { HeldOut = new Dictionary<ulong, float> { [1] = 0.8f } },
        [
            Set("normal", SetRole.Normal, 41, double.NaN, 39 / 41.0, [double.NaN, double.NaN], [0.8347, 0.994]),
            Set("coco", SetRole.Negative, 94, 1, 0, [0.9991, 1], [0, 0.0385]),
            Set("weeds", SetRole.Negative, 12, 0.9812, 1 / 12.0, [0.94, 1], [0.0021, 0.3848]),
        ],
        [
            KeyValuePair.Create(
                "model.onnx", new ParityResult("onnx fp32", 13_400_000, 4, 270, 1e-4, 2e-5, 0, 0.9999, 0.9999, 82, 0.95, 0.95, 0)),
            KeyValuePair.Create(
                "model.int8.onnx",
            new ParityResult("onnx int8", 3_500_000, 4, 270, 0.1, 0.02, 3, 0.9999, 0.9987, 82, 0.95, 0.95, 1, HasOwnHead: true)),
            KeyValuePair.Create(
                "model.mlpackage",
            new ParityResult("mlpackage fp16", 6_700_000, double.NaN, 270, 1e-3, 4e-4, 1, 0.9999, 0.9999, 82, 0.95, 0.95, 0)),
        ],
        LeftOut: 1);

    /// <summary>With UPDATE_GOLDEN=1 in the environment the golden file is written instead.</summary>
    [Fact]
    public void CardOfARunWithLookAlikesIsTheGolden()
    {
        var path = Path.Combine(Repository.Root, "tests", "Trainer.Core.Tests", "Golden", "model-card.md");
        var card = ModelCard.Text(Rice).Replace(RunRecord.TrainerVersion, "VERSION", StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, card);
            Assert.Skip("The card is written; review its diff.");
        }

        Assert.Equal(File.ReadAllText(path), card, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void WhatWasntMeasuredIsntClaimed()
    {
        var card = ModelCard.Text(Rice with { Test = [] });

        Assert.Contains("Not measured", card, StringComparison.Ordinal);
        Assert.Contains("Tested: none.", card, StringComparison.Ordinal);
        Assert.Contains("Not tested: weeds, reed\\|cane, which the gate was made with", card, StringComparison.Ordinal);
    }

    [Fact]
    public void CardNamesNoFolderOfTheMachine() => Assert.DoesNotContain("someone", ModelCard.Text(Rice), StringComparison.Ordinal);

    private static SetResult Set(
        string name, SetRole role, int count, double auroc, double accepted, double[] aurocBounds, double[] acceptedBounds) =>
        new(name, role, count, 0.8, 0.1, 0.6, 0.8, 0.9, auroc, double.NaN, double.NaN, accepted,
            new SetIntervals(aurocBounds, [], [], acceptedBounds));
}
