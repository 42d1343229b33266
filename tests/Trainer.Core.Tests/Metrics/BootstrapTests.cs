using Trainer.Core.Metrics;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Metrics;

public sealed class BootstrapTests
{
    [Fact]
    public void SameInputGivesTheSameInterval()
    {
        var (normals, negatives) = (Cosines(60, 0.7, seed: 1), Cosines(50, 0.4, seed: 2));

        Assert.Equal(Bootstrap.Interval(normals, negatives, Auroc.Of), Bootstrap.Interval(normals, negatives, Auroc.Of));
    }

    [Fact]
    public void HoldsTheFigureAndNarrowsWithMorePictures()
    {
        var (few, many) = (Width(40), Width(640));

        Assert.InRange(few / many, 2.5, 6); // sixteen times the pictures: about a quarter of the width

        static double Width(int count)
        {
            var (normals, negatives) = (Cosines(count, 0.6, seed: 3), Cosines(count, 0.45, seed: 4));
            var (low, high) = Bootstrap.Interval(normals, negatives, Auroc.Of);
            Assert.InRange(Auroc.Of(normals, negatives), low, high);
            Assert.InRange(low, 0, high);
            return high - low;
        }
    }

    /// <summary>The standard error of a mean is known from the textbook.</summary>
    [Fact]
    public void IntervalOfAMeanIsTwoStandardErrorsEachWay()
    {
        var values = Cosines(400, 0.5, seed: 5);
        var mean = values.Average();
        var error = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)) / values.Length);

        var (low, high) = Bootstrap.Interval(values, [0], (normals, _) => normals.ToArray().Average(v => (double)v));

        Assert.Equal(mean - (1.96 * error), low, tolerance: 0.25 * error);
        Assert.Equal(mean + (1.96 * error), high, tolerance: 0.25 * error);
    }

    [Fact]
    public void ResamplesAreAsLargeAndOfTheSameValues()
    {
        var (normals, negatives) = (Cosines(7, 0.5, seed: 6), Cosines(11, 0.5, seed: 7));

        _ = Bootstrap.Interval(normals, negatives, (a, b) =>
        {
            Assert.Equal((7, 11), (a.Length, b.Length));
            Assert.Subset(normals.ToHashSet(), a.ToArray().ToHashSet());
            Assert.Subset(negatives.ToHashSet(), b.ToArray().ToHashSet());
            return 0;
        });
    }

    [Fact]
    public void PerfectSeparationHasNoWidth() => Assert.Equal((1, 1), Bootstrap.Interval([0.9f, 0.8f], [0.1f, 0.2f], Auroc.Of));

    [Fact]
    public void WithoutASideItIsNotANumber()
    {
        Assert.Equal((double.NaN, double.NaN), Bootstrap.Interval([], [0.1f], Auroc.Of));
        Assert.Equal((double.NaN, double.NaN), Bootstrap.Interval([0.1f], [], Auroc.Of));
    }

    private static float[] Cosines(int count, double mean, ulong seed)
    {
        var random = new CounterRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(mean + random.Next(-0.3, 0.3)))];
    }
}
