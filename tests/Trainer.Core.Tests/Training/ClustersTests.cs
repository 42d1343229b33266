using Trainer.Core.Training;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Training;

public sealed class ClustersTests
{
    [Fact]
    public void FarClumpsBecomeTheClusters()
    {
        using var features = Clumps(each: 20);

        var found = Clusters.Of(features, 3, seed: 4).Labels;

        Assert.All(found.Chunk(20), clump => Assert.Single(clump.Distinct()));
        Assert.Equal(3, found.Distinct().Count());
    }

    [Fact]
    public void TheSameSeedGivesTheSameClusters()
    {
        using var features = Clumps(each: 7);

        Assert.Equal(Clusters.Of(features, 5, seed: 9).Labels, Clusters.Of(features, 5, seed: 9).Labels);
    }

    [Fact]
    public void AVectorThatComesLaterJoinsTheClusterOfTheNearestCentre()
    {
        using var features = Clumps(each: 20);
        using var later = features.add(0.1f);
        var (labels, centres) = Clusters.Of(features, 3, seed: 4);
        using var _ = centres;

        Assert.Equal(labels, Clusters.Nearest(later, centres));
    }

    [Fact]
    public void AsManyClustersAsVectorsAndEqualVectorsAreNoError()
    {
        using var same = ones(4, 2);

        Assert.All(Clusters.Of(same, 4, seed: 0).Labels, cluster => Assert.InRange(cluster, 0, 3));
    }

    [Fact]
    public void NothingHasNoClusters()
    {
        using var none = zeros(0, 2);

        Assert.Empty(Clusters.Of(none, 3, seed: 0).Labels);
    }

    private static Tensor Clumps(int each) => tensor(
        [.. new[] { (0f, 0f), (10f, 0f), (0f, 10f) }.SelectMany(clump => Enumerable.Range(0, each).SelectMany(i => new[]
        {
            clump.Item1 + MathF.Sin(i), clump.Item2 + MathF.Cos(3 * i),
        }))],
        [3 * each, 2]);
}
