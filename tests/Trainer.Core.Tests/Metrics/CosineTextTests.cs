using Trainer.Core.Metrics;
using Xunit;

namespace Trainer.Core.Tests.Metrics;

public sealed class CosineTextTests
{
    [Theory]
    [InlineData(0.9, 0.707, "0.900")]
    [InlineData(0.99987, 0.996, "1.000")]
    [InlineData(0.7069, 0.7071, "0.7069")] // rejected, and seen to be
    [InlineData(0.996004, 0.996, "0.996004")]
    [InlineData(0.996, 0.996, "0.996")] // at the threshold
    [InlineData(-0.25, 0.707, "-0.250")]
    public void AsManyDecimalsAsTellItFromTheThreshold(double cosine, double threshold, string expected) =>
        Assert.Equal(expected, CosineText.Of(cosine, threshold));

    [Theory]
    [InlineData(new[] { 0.31, 0.82 }, 2)]
    [InlineData(new[] { 0.9991, 0.99987 }, 3)] // 1.00 would look the same as the threshold
    [InlineData(new[] { 0.9961, double.NaN }, 4)]
    public void TheColumnsOfATableShareThem(double[] cosines, int decimals) =>
        Assert.Equal(decimals, CosineText.Decimals(0.996, cosines, least: 2));
}
