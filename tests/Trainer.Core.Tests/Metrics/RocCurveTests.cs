using Trainer.Core.Metrics;
using Xunit;

namespace Trainer.Core.Tests.Metrics;

public sealed class RocCurveTests
{
    private static readonly float[] Normals = [0.9f, 0.7f, 0.7f, 0.4f];
    private static readonly float[] Negatives = [0.8f, 0.7f, 0.1f];

    [Fact]
    public void EveryPointIsWhatItsThresholdDoes() => Assert.All(RocCurve.Of(Normals, Negatives), point =>
    {
        Assert.Equal(AcceptRate.Of(Normals, point.Threshold), point.AcceptRate);
        Assert.Equal(AcceptRate.Of(Negatives, point.Threshold), point.FalseAcceptRate);
    });

    [Fact]
    public void GoesFromNothingToAll()
    {
        var curve = RocCurve.Of(Normals, Negatives);

        Assert.Equal((0, 0), (curve[0].FalseAcceptRate, curve[0].AcceptRate));
        Assert.Equal((1, 1), (curve[^1].FalseAcceptRate, curve[^1].AcceptRate));
        Assert.Equal(6, curve.Count); // the start, and five different cosines
    }

    [Fact]
    public void AreaUnderItIsTheAuroc()
    {
        var curve = RocCurve.Of(Normals, Negatives);

        var area = curve.Zip(curve.Skip(1), (a, b) => (b.FalseAcceptRate - a.FalseAcceptRate) * (a.AcceptRate + b.AcceptRate) / 2).Sum();

        Assert.Equal(Auroc.Of(Normals, Negatives), area, 12);
    }

    [Fact]
    public void OneSideAloneHasNoCurve() => Assert.Empty(RocCurve.Of(Normals, []));
}
