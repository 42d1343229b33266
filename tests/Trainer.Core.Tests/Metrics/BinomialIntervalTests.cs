using Trainer.Core.Metrics;
using Xunit;

namespace Trainer.Core.Tests.Metrics;

public sealed class BinomialIntervalTests
{
    private const double FourDigits = 5e-5;
    private const double Tolerance = 1e-9;

    /// <summary>R's binom.test and scipy's binomtest(method="exact").</summary>
    [Theory]
    [InlineData(0, 10, 0, 0.3085)]
    [InlineData(10, 10, 0.6915, 1)]
    [InlineData(39, 41, 0.8347, 0.9940)]
    [InlineData(50, 100, 0.3983, 0.6017)]
    [InlineData(0, 1, 0, 0.975)]
    [InlineData(1, 1, 0.025, 1)]
    public void IsTheTables(int successes, int trials, double low, double high)
    {
        var interval = BinomialInterval.Of(successes, trials);

        Assert.Equal(low, interval.Low, FourDigits);
        Assert.Equal(high, interval.High, FourDigits);
    }

    /// <summary>
    /// Tests the definition of the bounds: at each bound, counts at least as extreme as the observed one have a probability of 2.5 %.
    /// </summary>
    [Theory]
    [InlineData(1, 7)]
    [InlineData(5, 12)]
    [InlineData(29, 30)]
    [InlineData(190, 200)]
    public void EachBoundLeavesItsTail(int successes, int trials)
    {
        var interval = BinomialInterval.Of(successes, trials);

        Assert.Equal(0.025, Enumerable.Range(successes, trials - successes + 1).Sum(k => Probability(k, trials, interval.Low)), Tolerance);
        Assert.Equal(0.025, Enumerable.Range(0, successes + 1).Sum(k => Probability(k, trials, interval.High)), Tolerance);
    }

    /// <summary>For any true share, at least 95 % of all outcomes give an interval that contains it.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(41)]
    public void HoldsTheTrueShareAsOftenAsItSays(int trials)
    {
        var intervals = Enumerable.Range(0, trials + 1).Select(k => BinomialInterval.Of(k, trials)).ToArray();

        for (var share = 0.01; share < 1; share += 0.01)
        {
            var held = intervals.Select(
                (interval, k) => interval.Low <= share && share <= interval.High ? Probability(k, trials, share) : 0).Sum();
            Assert.InRange(held, 0.95, 1 + Tolerance);
        }
    }

    [Fact]
    public void FailuresMirrorSuccesses()
    {
        for (var k = 0; k <= 25; k++)
        {
            var (one, other) = (BinomialInterval.Of(k, 25), BinomialInterval.Of(25 - k, 25));
            Assert.Equal(one.Low, 1 - other.High, Tolerance);
            Assert.InRange(k / 25.0, one.Low, one.High);
        }
    }

    [Fact]
    public void MoreConfidenceIsWiderAndMoreTrialsAreNarrower()
    {
        var usual = BinomialInterval.Of(19, 20);
        var surer = BinomialInterval.Of(19, 20, confidence: 0.99);
        var more = BinomialInterval.Of(190, 200);

        Assert.True(surer.Low < usual.Low && surer.High > usual.High);
        Assert.True(more.Low > usual.Low && more.High < usual.High);
    }

    /// <summary>With many trials it equals the normal distribution's interval, and no term over- or underflows.</summary>
    [Fact]
    public void ManyTrialsGiveTheNormalApproximation()
    {
        var interval = BinomialInterval.Of(9500, 10_000);

        var error = 1.959964 * Math.Sqrt(0.95 * 0.05 / 10_000);
        Assert.Equal(0.95 - error, interval.Low, tolerance: 2e-4);
        Assert.Equal(0.95 + error, interval.High, tolerance: 2e-4);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 5)]
    [InlineData(6, 5)]
    public void ImpossibleCountsAreRefused(int successes, int trials) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialInterval.Of(successes, trials));

    private static double Probability(int successes, int trials, double share)
    {
        double choose = 1;
        for (var i = 1; i <= successes; i++)
        {
            choose *= (double)(trials - successes + i) / i;
        }

        return choose * Math.Pow(share, successes) * Math.Pow(1 - share, trials - successes);
    }
}
