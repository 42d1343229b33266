using Trainer.Core.Optimizing;
using Trainer.Core.Runs.Options;
using Xunit;

namespace Trainer.Core.Tests.Optimizing;

public sealed class LearningRateTests
{
    [Theory]
    [InlineData(0, 0.1)]   // the first step is never at rate 0
    [InlineData(9, 1.0)]   // warm-up ends at the peak
    [InlineData(10, 1.0)]  // where the cosine begins
    [InlineData(55, 0.5)]  // half of the way down
    [InlineData(100, 0.0)] // and the floor holds
    [InlineData(5000, 0.0)]
    public void FollowsWarmupThenCosine(int step, double rate) =>
        Assert.Equal(rate, LearningRate.At(step, warmup: 10, total: 100, peak: 1, floor: 0), precision: 12);

    [Fact]
    public void NeverRisesAfterTheWarmupNorLeavesItsRange()
    {
        var rates = Enumerable.Range(10, 200).Select(step => LearningRate.At(step, warmup: 10, total: 150, peak: 2, floor: 0.5)).ToArray();

        Assert.Equal(rates.OrderDescending(), rates);
        Assert.All(rates, rate => Assert.InRange(rate, 0.5, 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(1000)]
    public void ConstantStaysAtThePeak(int step) => Assert.Equal(1, LearningRate.Share(Schedule.Constant, step, total: 100));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(19)]
    [InlineData(20)]
    [InlineData(10000)]
    public void CosineIsAboveZeroAtEveryStepOfARun(int total) =>
        Assert.All(Enumerable.Range(0, total), step => Assert.InRange(LearningRate.Share(Schedule.Cosine, step, total), 0.01, 1));

    [Fact]
    public void WarmupIsATwentiethOfTheRunAtMostAHundredSteps()
    {
        Assert.Equal(0.5, LearningRate.Share(Schedule.Cosine, 0, total: 40), precision: 12);
        Assert.Equal(0.01, LearningRate.Share(Schedule.Cosine, 0, total: 1_000_000), precision: 12);
    }
}
