using Trainer.Core.Gates;
using Trainer.Core.Validation;
using Xunit;

namespace Trainer.Core.Tests.Validation;

public sealed class ValidationResultTests
{
    private static readonly ValidationResult Good = Of([0.8f, 0.9f], [0.1f, 0.2f]);

    [Fact]
    public void AnyIsBetterThanNone() => Assert.True(Of([0.1f], [0.9f]).IsBetterThan(null));

    [Fact]
    public void AurocDecidesFirst()
    {
        var worse = Of([0.8f, 0.9f], [0.1f, 0.85f]);

        Assert.True(Good.IsBetterThan(worse));
        Assert.False(worse.IsBetterThan(Good));
    }

    [Fact]
    public void FalseAcceptsDecideBetweenEqualAurocs()
    {
        var few = Of([0.5f, 0.5f], [0.2f, 0.6f]);
        var many = few with { FprAt95Tpr = 1 };

        Assert.Equal(few.Auroc, many.Auroc);
        Assert.True(few.IsBetterThan(many));
        Assert.False(many.IsBetterThan(few));
    }

    [Fact]
    public void SeparationDecidesBetweenPerfectGates()
    {
        var wider = Of([0.8f, 0.9f], [-0.6f, -0.5f]);

        Assert.Equal((1.0, 1.0), (Good.Auroc, wider.Auroc));
        Assert.True(wider.IsBetterThan(Good));
        Assert.False(Good.IsBetterThan(wider));
    }

    [Fact]
    public void NeverBetterThanItself() => Assert.False(Good.IsBetterThan(Good));

    [Fact]
    public void WithoutNegativesTheLaterOneIsBetter()
    {
        var first = Of([0.8f], []);
        var later = Of([0.7f], []);

        Assert.True(later.IsBetterThan(first));
    }

    [Fact]
    public void FiguresAreThoseOfTheThreshold()
    {
        var result = Of([0.8f, 0.9f], [0.1f, 0.85f], threshold: 0.8f);

        Assert.Equal(0.5, result.FalseAcceptRate);
        Assert.Equal(0.5, result.FprAt95Tpr);
        Assert.Equal(0.75, result.Auroc);
        Assert.Equal((0.85 - 0.475) / Math.Sqrt((0.005 + 0.28125) / 2), result.Separation, 1e-6); // by hand, float32 cosines
    }

    private static ValidationResult Of(float[] normals, float[] negatives, float threshold = 0.5f) =>
        ValidationResult.Of(new Centroid([1], normals.Length, 1), new Threshold(threshold, 0.95, normals.Length), normals, negatives);
}
