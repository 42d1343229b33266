using Trainer.Core.Metrics;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Metrics;

public sealed class AuprTests
{
    private const double Tolerance = 1e-12;

    [Theory]
    [InlineData(1, 1, 2)]
    [InlineData(40, 25, 5)]    // nearly all tied
    [InlineData(120, 77, 60)]  // some tied
    [InlineData(15, 200, 1_000_000)]
    public void AgreesWithASweepOverAllThresholds(int normals, int negatives, int steps)
    {
        var random = new CounterRandom(1, (ulong)steps);
        var (a, b) = (Draw(ref random, normals, steps), Draw(ref random, negatives, steps));

        Assert.Equal(Sweep(a, b), Aupr.Of(a, b), Tolerance);
    }

    /// <summary>The example of scikit-learn's average_precision_score.</summary>
    [Fact]
    public void IsScikitLearnsAveragePrecision() => Assert.Equal(0.8333333333333333, Aupr.Of([0.35f, 0.8f], [0.1f, 0.4f]), Tolerance);

    [Fact]
    public void PerfectIsOne() => Assert.Equal(1, Aupr.Of([0.9f, 0.5f], [0.4f, -0.3f, -1]), Tolerance);

    [Fact]
    public void AllTiedIsTheShareOfNormals() => Assert.Equal(0.25, Aupr.Of([0.5f], [0.5f, 0.5f, 0.5f]), Tolerance);

    [Fact]
    public void ChanceIsTheShareOfNormals()
    {
        var random = new CounterRandom(2);

        Assert.Equal(0.2, Aupr.Of(Draw(ref random, 1000, 1 << 20), Draw(ref random, 4000, 1 << 20)), tolerance: 0.02);
    }

    [Fact]
    public void WorstIsAllNegativesFirst() =>
        Assert.Equal(((1.0 / 4) + (2.0 / 5)) / 2, Aupr.Of([-0.9f, -0.8f], [0.1f, 0.2f, 0.3f]), Tolerance);

    [Fact]
    public void OrderDoesNotMatter() => Assert.Equal(Aupr.Of([0.1f, 0.9f, 0.5f], [0.4f, 0.6f]), Aupr.Of([0.9f, 0.5f, 0.1f], [0.6f, 0.4f]));

    [Fact]
    public void WithoutASideItIsNotANumber()
    {
        Assert.Equal(double.NaN, Aupr.Of([], [0.1f]));
        Assert.Equal(double.NaN, Aupr.Of([0.1f], []));
    }

    /// <summary>A network that has diverged gives such cosines. The figure then has no meaning, but the computation must end.</summary>
    [Fact]
    public async Task CosinesThatAreNoNumbersEndTheSweepToo()
    {
        var aupr = await Task.Run(() => Aupr.Of([0.5f, float.NaN, float.NaN], [0.4f, float.NaN])).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.InRange(aupr, 0, 1);
    }

    /// <summary>Σ (recall − recall before) · precision, threshold by threshold from above.</summary>
    private static double Sweep(float[] normals, float[] negatives)
    {
        double sum = 0, recallBefore = 0;
        foreach (var threshold in normals.Concat(negatives).Distinct().OrderDescending())
        {
            double accepted = normals.Count(c => c >= threshold), passed = negatives.Count(c => c >= threshold);
            var recall = accepted / normals.Length;
            sum += (recall - recallBefore) * accepted / (accepted + passed);
            recallBefore = recall;
        }

        return sum;
    }

    private static float[] Draw(ref CounterRandom random, int count, int steps)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = ((float)random.Next(steps) / steps * 2) - 1;
        }

        return values;
    }
}
