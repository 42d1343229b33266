using Trainer.Core.Metrics;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Metrics;

public sealed class HistogramTests
{
    [Fact]
    public void LowerEdgeBelongsToTheBin() => Assert.Equal([1, 2, 1, 0], Histogram.Of([0, 0.25f, 0.3f, 0.5f], 0, 1, 4));

    [Fact]
    public void UpperEndBelongsToTheLastBin() => Assert.Equal([0, 1], Histogram.Of([1], -1, 1, 2));

    [Fact]
    public void OutsidersGoIntoTheEndBins() => Assert.Equal([2, 0, 1], Histogram.Of([-5, -1.01f, 7], -1, 1, 3));

    [Fact]
    public void EveryCosineIsCountedOnce()
    {
        var random = new CounterRandom(1);
        var cosines = new float[1000];
        for (var i = 0; i < cosines.Length; i++)
        {
            cosines[i] = (float)random.Next(-1, 1);
        }

        var counts = Histogram.Of(cosines, -1, 1, 10);

        Assert.Equal(1000, counts.Sum());
        for (var bin = 0; bin < counts.Length; bin++)
        {
            var (from, to) = (-1 + (bin * 0.2), -0.8 + (bin * 0.2));
            Assert.Equal(cosines.Count(cosine => cosine >= from && cosine < to), counts[bin]);
        }
    }

    [Fact]
    public void NothingGivesEmptyBins() => Assert.Equal([0, 0, 0], Histogram.Of([], -1, 1, 3));

    [Fact]
    public void NoBinsAreRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => Histogram.Of([0], -1, 1, 0));
}
