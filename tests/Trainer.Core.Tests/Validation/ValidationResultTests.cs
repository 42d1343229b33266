using Trainer.Core.Gates;
using Trainer.Core.Validation;
using Xunit;

namespace Trainer.Core.Tests.Validation;

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
    [InlineData(0.996, true)]
    [InlineData(0.994, false)]
    public void DifferencesThatSoFewPicturesCantTellDontCount(double auroc, bool isAsGood) =>
        Assert.Equal(isAsGood, (Good with { Auroc = auroc }).IsAsGoodAs(Good));

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
