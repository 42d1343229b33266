using Trainer.Core.Fitting;
using Trainer.Core.Gates;
using Xunit;

namespace Trainer.Core.Tests.Fitting;

public sealed class ValidationResultTests
{
    private static readonly ValidationResult Good = Of([0.8f, 0.9f], [0.1f, 0.2f]);

    [Fact]
    public void AnyIsAsGoodAsNone() => Assert.True(Of([0.1f], [0.9f]).IsAsGoodAs(null));

    [Fact]
    public void LowerAurocIsWorse()
    {
        var worse = Of([0.8f, 0.9f], [0.1f, 0.85f]);

        Assert.True(Good.IsAsGoodAs(worse));
        Assert.False(worse.IsAsGoodAs(Good));
    }

    [Theory]
    [InlineData(1.0, 0.999, true)]    // a perfect gate leaves little to chance
    [InlineData(1.0, 0.99, false)]
    [InlineData(0.85, 0.75, true)]    // two pictures on each side leave much: half of sqrt(0.85 * 0.15 / 2) is 0.126
    [InlineData(0.85, 0.70, false)]
    public void DifferencesThatSoFewPicturesCantTellDontCount(double earlier, double later, bool isAsGood) =>
        Assert.Equal(isAsGood, (Good with { Auroc = later }).IsAsGoodAs(Good with { Auroc = earlier }));

    [Fact]
    public void WithoutNegativesTheLaterOneCounts() => Assert.True(Of([0.7f], []).IsAsGoodAs(Of([0.8f], [])));

    [Fact]
    public void FiguresAreThoseOfTheThreshold()
    {
        var result = Of([0.8f, 0.9f], [0.1f, 0.85f], threshold: 0.8f);

        Assert.Equal(0.5, result.FalseAcceptRate);
        Assert.Equal(0.5, result.FprAt95Tpr);
        Assert.Equal(0.75, result.Auroc);
    }

    private static ValidationResult Of(float[] normals, float[] negatives, float threshold = 0.5f) =>
        ValidationResult.Of(new Centroid([1], normals.Length, 1), new Threshold(threshold, 0.95, normals.Length), normals, negatives);
}
