using Trainer.Core.Catalog;
using Xunit;

namespace Trainer.Core.Tests.Catalog;

public sealed class EpochSamplerTests
{
    [Fact]
    public void EpochIsAPureFunctionOfSeedAndNumber()
    {
        var (normals, negatives) = (Entries.Some(50), Entries.Some(400, "coco"));
        var sampler = new EpochSampler(normals, negatives, batch: 16, seed: 7);
        var third = sampler.Epoch(3);

        _ = sampler.Epoch(0);
        _ = sampler.Epoch(4);

        Assert.Equal(third, sampler.Epoch(3));
        Assert.Equal(third, new EpochSampler(normals, negatives, batch: 16, seed: 7).Epoch(3));
        Assert.NotEqual(third, new EpochSampler(normals, negatives, batch: 16, seed: 8).Epoch(3));
    }

    [Fact]
    public void EveryNormalIsShownOnceAndAsManyNegatives()
    {
        var (normals, negatives) = (Entries.Some(100), Entries.Some(2000, "coco"));
        var sampler = new EpochSampler(normals, negatives, batch: 16, seed: 1);

        for (var epoch = 0; epoch < 10; epoch++)
        {
            var shown = sampler.Epoch(epoch);

            Assert.Equal(200, shown.Length);
            Assert.Equal(200, sampler.EpochSize);
            Assert.Equal(normals, Of(shown, Labels.Normal).OrderBy(image => image.Name, StringComparer.Ordinal));
            Assert.Equal(100, Of(shown, Labels.Negative).Distinct().Count());
            Assert.Subset(negatives.ToHashSet(), Of(shown, Labels.Negative).ToHashSet());
        }
    }

    [Fact]
    public void NegativesAreDrawnAfreshEveryEpoch()
    {
        var sampler = new EpochSampler(Entries.Some(100), Entries.Some(2000, "coco"), batch: 16, seed: 1);

        var seen = Enumerable.Range(0, 60).SelectMany(epoch => Of(sampler.Epoch(epoch), Labels.Negative)).ToHashSet();

        Assert.InRange(seen.Count, 1850, 1960); // 2000 · (1 − 0.95^60) = 1908 are expected; the article's program sees 100
    }

    [Fact]
    public void EveryNegativeIsEquallyLikely()
    {
        var sampler = new EpochSampler(Entries.Some(10), Entries.Some(25, "coco"), batch: 16, seed: 5);

        var times = Enumerable.Range(0, 2000).SelectMany(epoch => Of(sampler.Epoch(epoch), Labels.Negative)).CountBy(image => image.Name);

        Assert.All(times, pair => Assert.InRange(pair.Value, 690, 910)); // 800, five standard deviations of 22
        Assert.Equal(25, times.Count());
    }

    [Fact]
    public void ClassesAreMixed()
    {
        var shown = new EpochSampler(Entries.Some(500), Entries.Some(5000, "coco"), batch: 16, seed: 1).Epoch(0);

        Assert.InRange(shown.Take(500).Count(image => image.Label == Labels.Normal), 205, 295); // 250, four standard deviations of 11
        Assert.NotEqual(Of(shown, Labels.Normal).OrderBy(image => image.Name, StringComparer.Ordinal), Of(shown, Labels.Normal));
    }

    [Theory]
    [InlineData(100, 118_000, 200)]
    [InlineData(100, 100, 200)]
    [InlineData(100, 30, 130)] // with fewer negatives than normals, each is shown once
    [InlineData(1, 1, 2)]
    public void SizeFollowsTheNormals(int normals, int negatives, int size)
    {
        var sampler = new EpochSampler(Entries.Some(normals), Entries.Some(negatives, "coco"), batch: 16, seed: 1);

        var shown = sampler.Epoch(2);

        Assert.Equal(size, sampler.EpochSize);
        Assert.Equal(size, shown.Select(image => image.Image).Distinct().Count());
    }

    private static IEnumerable<ImageEntry> Of(LabelledImage[] shown, int label) =>
        shown.Where(image => image.Label == label).Select(image => image.Image);
}
