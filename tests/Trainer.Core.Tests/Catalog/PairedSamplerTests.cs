using Trainer.Core.Catalog;
using Xunit;

namespace Trainer.Core.Tests.Catalog;

public sealed class PairedSamplerTests
{
    private const int Batch = 12; // 4 normals twice, 4 negatives

    [Fact]
    public void AStepShowsEachOfItsNormalsTwiceAndAsManyNegatives()
    {
        var step = Sampler(30, 50).Epoch(0)[..Batch];

        for (var i = 0; i < 8; i += 2)
        {
            Assert.Equal(step[i], step[i + 1]);
            Assert.Equal(Labels.Normal, step[i].Label);
        }

        Assert.All(step[8..], image => Assert.Equal(Labels.Negative, image.Label));
    }

    [Fact]
    public void AnEpochShowsEachNormalOnceButThoseThatFillNoStep()
    {
        var sampler = Sampler(30, 50);

        var shown = sampler.Epoch(3);

        Assert.Equal(7, sampler.StepsInEpoch);
        Assert.Equal(7 * Batch, shown.Length);
        Assert.All(shown.Where(image => image.Label == Labels.Normal).GroupBy(image => image.Image.Path), views =>
            Assert.Equal(2, views.Count()));
        Assert.Equal(28, shown.Where(image => image.Label == Labels.Normal).DistinctBy(image => image.Image.Path).Count());
    }

    [Fact]
    public void EpochsAndSeedsDifferAndTheSameOnesAreTheSame()
    {
        Assert.Equal(Sampler(30, 50).Epoch(2), Sampler(30, 50).Epoch(2));
        Assert.NotEqual(Sampler(30, 50).Epoch(2), Sampler(30, 50).Epoch(1));
        Assert.NotEqual(Sampler(30, 50).Epoch(2), Sampler(30, 50, seed: 2).Epoch(2));
    }

    [Fact]
    public void TheNegativesOfSomeEpochsAreThoseThatTheyShow()
    {
        var sampler = Sampler(30, 500);

        var shown = Enumerable.Range(0, 3).SelectMany(sampler.Epoch).Where(image => image.Label == Labels.Negative)
            .Select(image => image.Image.Path).ToHashSet();

        Assert.Equal(shown, sampler.NegativesIn(3).Select(image => image.Path).ToHashSet());
        Assert.Empty(sampler.NegativesIn(0));
    }

    [Theory]
    [InlineData(2, 50, 6)] // fewer normals than a step has room for
    [InlineData(5, 0, 8)] // no negatives at all
    public void FewPhotosMakeSmallSteps(int normals, int negatives, int size)
    {
        var sampler = Sampler(normals, negatives);

        Assert.Equal(size, sampler.BatchSize);
        Assert.Equal(sampler.StepsInEpoch * size, sampler.Epoch(0).Length);
    }

    private static PairedSampler Sampler(int normals, int negatives, ulong seed = 1)
    {
        var subject = Entries.Some(normals);
        var paths = subject.Select(image => image.Path).ToHashSet();
        return new(subject, negatives > 0 ? Entries.Some(negatives, "coco") : [], image =>
            paths.Contains(image.Path) ? Labels.Normal : Labels.Negative, Batch, seed);
    }
}
