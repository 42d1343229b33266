using Trainer.Core.Metrics;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Metrics;

public sealed class DistributionTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void AgreesWithThePlainFormulas()
    {
        var random = new CounterRandom(1);
        var cosines = new float[137];
        for (var i = 0; i < cosines.Length; i++)
        {
            cosines[i] = (float)random.Next(-1, 1);
        }

        var measured = Distribution.Of(cosines);

        double mean = 0, squares = 0;
        foreach (var cosine in cosines)
        {
            mean += cosine / 137.0;
        }

        foreach (var cosine in cosines)
        {
            squares += (cosine - mean) * (cosine - mean);
        }

        Assert.Equal(137, measured.Count);
        Assert.Equal(mean, measured.Mean, Tolerance);
        Assert.Equal(Math.Sqrt(squares / 136), measured.StandardDeviation, Tolerance);
        Assert.Equal(cosines.Min(), measured.Min);
        Assert.Equal(cosines.Max(), measured.Max);
    }

    /// <summary>numpy.percentile([0, 10, 20, 30, 40], [5, 25, 50, 75, 95]) is 2, 10, 20, 30, 38.</summary>
    [Fact]
    public void PercentilesLieLinearlyBetweenNeighbours()
    {
        var measured = Distribution.Of([30, 0, 40, 10, 20]);

        Assert.Equal(2, measured.Percentile5, Tolerance);
        Assert.Equal(10, measured.Percentile25, Tolerance);
        Assert.Equal(20, measured.Median, Tolerance);
        Assert.Equal(30, measured.Percentile75, Tolerance);
        Assert.Equal(38, measured.Percentile95, Tolerance);
    }

    /// <summary>numpy.percentile([1, 2, 4, 8], [5, 25, 50, 75, 95]) is 1.15, 1.75, 3, 5, 7.4.</summary>
    [Fact]
    public void PercentilesOfAnEvenCountLieBetweenNeighboursToo()
    {
        var measured = Distribution.Of([8, 4, 2, 1]);

        Assert.Equal(1.15, measured.Percentile5, Tolerance);
        Assert.Equal(1.75, measured.Percentile25, Tolerance);
        Assert.Equal(3, measured.Median, Tolerance);
        Assert.Equal(5, measured.Percentile75, Tolerance);
        Assert.Equal(7.4, measured.Percentile95, Tolerance);
    }

    [Fact]
    public void OneCosineIsEverythingButSpread()
    {
        var measured = Distribution.Of([0.25f]);

        Assert.Equal(new Distribution(1, 0.25, 0, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25), measured);
    }

    [Fact]
    public void NothingIsAllNaN()
    {
        const double None = double.NaN;

        Assert.Equal(new Distribution(0, None, None, None, None, None, None, None, None, None), Distribution.Of([]));
    }
}
