using Trainer.Core.Metrics;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Metrics;

public sealed class AurocTests
{
    private const double Tolerance = 1e-12;

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(40, 25, 5)]    // nearly all tied
    [InlineData(120, 77, 60)]  // some tied
    [InlineData(150, 200, 1_000_000)]
    public void AgreesWithCountingEveryPair(int normals, int negatives, int steps)
    {
        var random = new CounterRandom(1, (ulong)steps);
        var (a, b) = (Draw(ref random, normals, steps), Draw(ref random, negatives, steps));

        var auroc = Auroc.Of(a, b);

        Assert.Equal(PairByPair(a, b), auroc, Tolerance);
    }

    [Fact]
    public void TiesCountHalf() => Assert.Equal(0.5, Auroc.Of([0.7f, 0.7f], [0.7f]));

    [Fact]
    public void PerfectIsOne() => Assert.Equal(1, Auroc.Of([0.9f, 0.5f], [0.4f, -0.3f, -1]));

    [Fact]
    public void UpsideDownIsZero() => Assert.Equal(0, Auroc.Of([-0.9f, 0.1f], [0.4f, 0.2f]));

    [Fact]
    public void SameDistributionIsChance()
    {
        var random = new CounterRandom(2);
        var (a, b) = (Draw(ref random, 2000, 1 << 20), Draw(ref random, 2000, 1 << 20));

        Assert.Equal(0.5, Auroc.Of(a, b), tolerance: 0.03); // three standard errors
    }

    [Fact]
    public void SwappingTheSidesMirrorsIt()
    {
        var random = new CounterRandom(3);
        var (a, b) = (Draw(ref random, 50, 20), Draw(ref random, 60, 20));

        Assert.Equal(1, Auroc.Of(a, b) + Auroc.Of(b, a), Tolerance);
    }

    [Fact]
    public void OrderDoesNotMatter()
    {
        var random = new CounterRandom(4);
        var (a, b) = (Draw(ref random, 50, 20), Draw(ref random, 60, 20));
        var before = Auroc.Of(a, b);

        random.Shuffle(a.AsSpan());
        random.Shuffle(b.AsSpan());

        Assert.Equal(before, Auroc.Of(a, b));
    }

    [Fact]
    public void NothingToCompareIsNaN()
    {
        Assert.Equal(double.NaN, Auroc.Of([], [0.1f]));
        Assert.Equal(double.NaN, Auroc.Of([0.1f], []));
    }

    [Fact]
    public void LeavesItsInputAsItWas()
    {
        float[] normals = [0.3f, 0.1f], negatives = [0.2f, -0.5f];

        _ = Auroc.Of(normals, negatives);

        Assert.Equal([0.3f, 0.1f], normals);
        Assert.Equal([0.2f, -0.5f], negatives);
    }

    private static double PairByPair(float[] normals, float[] negatives)
    {
        double wins = 0;
        foreach (var normal in normals)
        {
            foreach (var negative in negatives)
            {
                wins += normal > negative ? 1 : normal == negative ? 0.5 : 0;
            }
        }

        return wins / normals.Length / negatives.Length;
    }

    /// <summary>Random cosines on a grid with a number of steps; fewer steps give more ties.</summary>
    private static float[] Draw(ref CounterRandom random, int count, int steps)
    {
        var cosines = new float[count];
        for (var i = 0; i < count; i++)
        {
            cosines[i] = (2f * random.Next(steps) / steps) - 1;
        }

        return cosines;
    }
}
