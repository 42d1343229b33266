using Trainer.Core.Inspection;
using Trainer.Core.Metrics;
using Xunit;

namespace Trainer.Core.Tests.Inspection;

public sealed class EnoughTests
{
    [Fact]
    public void HundredNormalsKeepThePromiseAsTheBinomialSays()
    {
        var enough = Enough.Judge(0.95, normals: 100, validNormals: null, negatives: 400, validNegatives: null);

        Assert.Equal((85, 60), (enough.CalibrationNormals, enough.TestNegatives)); // all except the test part's 15 %
        Assert.Equal(BinomialInterval.Of(81, 85), enough.AcceptInterval); // 80 of 85 are less than 95 %
        Assert.Equal(1 - Math.Pow(0.025, 1.0 / 60), enough.FewestFalseAccepts, 6); // none of 60, solved by hand
    }

    [Fact]
    public void NeededIsWhereTheLowerBoundIsNearEnough()
    {
        var enough = Enough.Judge(0.95, 100, null, 400, null);

        Assert.Equal([0.05, 0.03, 0.02], enough.Needed.Select(needed => needed.Below));
        Assert.All(enough.Needed, needed =>
        {
            Assert.InRange(Low(needed.Calibration), 0.95 - needed.Below, 1);
            Assert.InRange(Low(needed.Calibration - 1), 0, 0.95 - needed.Below);
            Assert.Equal(Math.Ceiling(needed.Calibration / 0.85), needed.Normals);
        });
        Assert.Equal(enough.Needed.Select(needed => needed.Normals).Order(), enough.Needed.Select(needed => needed.Normals));

        static double Low(int calibration) => BinomialInterval.Of((int)Math.Ceiling((0.95 * calibration) - 1e-9), calibration).Low;
    }

    [Fact]
    public void FoldersOfTheirOwnAreHalved()
    {
        var enough = Enough.Judge(0.9, normals: 100, validNormals: 41, negatives: 400, validNegatives: 30);

        Assert.Equal((21, 15), (enough.CalibrationNormals, enough.TestNegatives));
    }

    [Fact]
    public void NothingPromisesNothing()
    {
        var enough = Enough.Judge(1, 0, null, 0, null);

        Assert.Equal((0, 1, 1.0), (enough.AcceptInterval.Low, enough.AcceptInterval.High, enough.FewestFalseAccepts));
    }
}
