using Trainer.Core.Export.Proof;
using Xunit;

namespace Trainer.Core.Tests.Export.Proof;

public sealed class ParityRuleTests
{
    private static readonly ParityResult Same = new("onnx fp16", 1, 1, Pictures: 300, 0, 0, 0, 0.99, 0.99, Normals: 100, 0.95, 0.95, 0);

    [Fact]
    public void SameGateHolds() => Assert.True(Same.Holds);

    [Theory]
    [InlineData(300, 3, true)]
    [InlineData(300, 4, false)]
    [InlineData(40, 1, true)] // a picture right at the threshold, which any format may decide differently
    [InlineData(40, 2, false)]
    public void OneDecisionInAHundredMayDiffer(int pictures, int changed, bool holds) =>
        Assert.Equal(holds, (Same with { Pictures = pictures, ChangedDecisions = changed }).Holds);

    [Theory]
    [InlineData(0.981, true)]
    [InlineData(0.979, false)]
    [InlineData(1, true)]
    [InlineData(double.NaN, true)] // without negatives there is no AUROC to lose
    public void AurocMayLoseAHundredth(double after, bool holds) => Assert.Equal(holds, (Same with { AurocAfter = after }).Holds);

    [Theory]
    [InlineData(1000, 0.931, 0, true)]
    [InlineData(1000, 0.929, 0, false)]
    [InlineData(1000, 0.92, 30, true)] // 0.02 + 1.96 * 5.5 / 1000
    [InlineData(1000, 0.915, 30, false)]
    [InlineData(1000, 0.975, 25, true)] // either way
    [InlineData(1000, 0.995, 45, false)]
    public void AcceptanceMayMoveByTwoHundredthsAndByChance(int normals, double after, int changed, bool holds) =>
        Assert.Equal(holds, (Same with { Normals = normals, AcceptedAfter = after, ChangedNormals = changed }).Holds);

    /// <summary>
    /// Rounding to float16 moved a cosine by 0.0105 in a gate whose normals are within 0.001 of their centroid, but changed no decision.
    /// </summary>
    [Theory]
    [InlineData(0.0105, 0.001, true)]
    [InlineData(0.3, 0.019, true)]
    [InlineData(0.3, 0.021, false)]
    public void CosinesAreJudgedByTheirMean(double worst, double mean, bool holds) =>
        Assert.Equal(holds, (Same with { WorstDelta = worst, MeanDelta = mean }).Holds);

    [Fact]
    public void GateWithItsOwnHeadIsJudgedByAurocAndAcceptanceAlone()
    {
        var own = Same with { HasOwnHead = true, WorstDelta = 0.4, MeanDelta = 0.1, ChangedDecisions = 12, ChangedNormals = 6 };

        Assert.True(own.Holds);
        Assert.False((own with { AurocAfter = 0.97 }).Holds);
        Assert.False((own with { AcceptedAfter = 0.87 }).Holds);
    }

    [Fact]
    public void ObjectionNamesEveryReason()
    {
        var parity = Same with { ChangedDecisions = 9, AurocAfter = 0.9, AcceptedAfter = 0.8, ChangedNormals = 4, MeanDelta = 0.1 };

        Assert.Equal(
            "onnx fp16 is not the gate that was trained: it decides 9 of 300 pictures differently (at most 3 are allowed); its AUROC is "
                + "0.9000 instead of 0.9900 (at most 0.01 less); "
            + "it accepts 80.0 % of the 100 normals instead of 95.0 % (at most 5.9 % away); its cosines are 0.1 off on average (at most "
                + "0.02).",
            parity.Objection);
    }
}
