using Trainer.Core.Metrics;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Metrics;

public sealed class AcceptRateTests
{
    [Fact]
    public void ReachingTheThresholdIsEnough() => Assert.Equal(0.5, AcceptRate.Of([0.1f, 0.2f, 0.3f, 0.4f], 0.3f));

    [Theory]
    [InlineData(-2f, 1.0)]
    [InlineData(2f, 0.0)]
    public void BeyondTheCosinesAllOrNothingIsAccepted(float threshold, double rate) =>
        Assert.Equal(rate, AcceptRate.Of([-1f, 0f, 1f], threshold));

    [Fact]
    public void NothingToAcceptIsNaN()
    {
        Assert.Equal(double.NaN, AcceptRate.Of([], 0));
        Assert.Equal(double.NaN, AcceptRate.FprAt95Tpr([], [0.1f]));
        Assert.Equal(double.NaN, AcceptRate.FprAt95Tpr([0.1f], []));
    }

    [Fact]
    public void HighestThresholdAgreesWithTryingEachCosine()
    {
        var random = new CounterRandom(1);
        for (var count = 1; count <= 60; count++)
        {
            var cosines = new float[count];
            for (var i = 0; i < count; i++)
            {
                cosines[i] = random.Next(30) / 30f; // some tied
            }

            foreach (var share in (double[])[0.001, 0.25, 1 / 3.0, 0.5, 0.9, 0.95, 0.99, 1])
            {
                Assert.Equal(TryEach(cosines, share), AcceptRate.HighestThreshold(cosines, share));
            }
        }
    }

    [Theory]
    [InlineData(20, 0.95, 2)]   // 19 of 20, not 20 after rounding up
    [InlineData(100, 0.55, 46)] // in doubles 0.55 · 100 is a little above 55
    [InlineData(100, 0.95, 6)]
    [InlineData(100, 0.99, 2)]
    [InlineData(10, 0.1, 10)]
    [InlineData(10, 1, 1)]
    [InlineData(10, 0.0001, 10)] // a share above 0 is at least one picture
    public void ShareOfAWholeNumberIsTakenExactly(int count, double share, float threshold)
    {
        float[] oneToCount = [.. Enumerable.Range(1, count).Select(i => (float)i)];

        Assert.Equal(threshold, AcceptRate.HighestThreshold(oneToCount, share));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-0.1)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void ShareOutsideItsRangeIsRefused(double share) =>
        Assert.Throws<ArgumentException>(() => AcceptRate.HighestThreshold([0.5f], share));

    [Fact]
    public void NoThresholdOfNothing() => Assert.Throws<ArgumentException>(() => AcceptRate.HighestThreshold([], 0.95));

    [Fact]
    public void FprAt95TprIsTheShareOfNegativesAtThatThreshold()
    {
        float[] normals = [.. Enumerable.Range(1, 100).Select(i => i / 100f)]; // 95 of them reach 0.06

        Assert.Equal(0.5, AcceptRate.FprAt95Tpr(normals, [0.05f, 0.06f, 0.07f, -1]));
    }

    [Fact]
    public void FprAt95TprIsZeroWhenTheSidesAreApart() => Assert.Equal(0, AcceptRate.FprAt95Tpr([0.8f, 0.9f], [0.1f, 0.2f]));

    private static float TryEach(float[] cosines, double share)
    {
        var highest = float.NegativeInfinity;
        foreach (var threshold in cosines)
        {
            var accepted = cosines.Count(cosine => cosine >= threshold);
            if (accepted >= (share * cosines.Length) - 1e-9 && threshold > highest)
            {
                highest = threshold;
            }
        }

        return highest;
    }
}
