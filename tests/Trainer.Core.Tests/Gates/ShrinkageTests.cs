using Trainer.Core.Gates;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Gates;

public sealed class ShrinkageTests
{
    [Fact]
    public void TheIntensityIsThatOfThePaper()
    {
        using var covariance = tensor(new double[] { 4, 1, 0, 1, 3, 0.5, 0, 0.5, 1 }, [3, 3]);

        // Eq. 23 by hand: trace 8, sum of squares 28.5, p 3, n 10.
        var expected = (((1 - (2 / 3.0)) * 28.5) + 64) / ((10 + 1 - (2 / 3.0)) * (28.5 - (64 / 3.0)));

        Assert.Equal(expected, Shrinkage.Intensity(covariance, 10), 12);
    }

    [Fact]
    public void ManyVectorsLeaveTheCovarianceAndFewLoseIt()
    {
        using var covariance = tensor(new double[] { 4, 1, 1, 2 }, [2, 2]);

        Assert.InRange(Shrinkage.Intensity(covariance, 1_000_000), 0, 1e-4);
        Assert.Equal(1, Shrinkage.Intensity(covariance, 1));
    }

    [Fact]
    public void AMultipleOfTheIdentityIsLostAltogetherAndStaysTheSame()
    {
        using var covariance = eye(3, dtype: ScalarType.Float64);

        var intensity = Shrinkage.Intensity(covariance, 50);
        Shrinkage.Apply(covariance, intensity);

        Assert.Equal(1, intensity);
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0, 1], covariance.data<double>().ToArray());
    }

    [Fact]
    public void TheTraceStays()
    {
        using var covariance = tensor(new double[] { 4, 1, 1, 2 }, [2, 2]);

        Shrinkage.Apply(covariance, 0.25);

        Assert.Equal([3.75, 0.75, 0.75, 2.25], covariance.data<double>().ToArray());
    }
}
