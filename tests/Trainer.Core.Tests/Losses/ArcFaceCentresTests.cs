using TorchSharp;
using Trainer.Core.Losses;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Losses;

/// <summary>Tests ArcFace with several centres per class: Deng et al. 2020, Sub-center ArcFace.</summary>
public sealed class ArcFaceCentresTests
{
    private const int Size = 5, Centres = 3;
    private const double Margin = 0.5, Scale = 8, Tolerance = 1e-9;
    private static readonly long[] Labels = [0, 1, 1, 0, 1, 0];

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void AgreesWithTheNearestCentreWrittenOut(int classes)
    {
        using var scope = NewDisposeScope();
        _ = manual_seed(1);
        using var head = Head(classes, Centres);
        var embeddings = randn(Labels.Length, Size, ScalarType.Float64) * 2;

        var logits = head.forward(embeddings, tensor(Labels)).Numbers();

        for (var i = 0; i < Labels.Length; i++)
        {
            for (var c = 0; c < classes; c++)
            {
                var cosine = double.NegativeInfinity;
                for (var k = 0; k < Centres; k++)
                {
                    cosine = Math.Max(cosine, SmallSteps.Cosine(embeddings[i].Numbers(), Column(head, (c * Centres) + k)));
                }

                Assert.Equal(Scale * (c == Labels[i] ? WithMargin(cosine) : cosine), logits[(i * classes) + c], Tolerance);
            }
        }
    }

    [Fact]
    public void EqualCentresAreAsGoodAsOne()
    {
        using var scope = NewDisposeScope();
        _ = manual_seed(2);
        using var one = Head(2, 1);
        using var three = Head(2, Centres);
        using (no_grad())
        {
            three.ClassWeights.copy_(one.ClassWeights.repeat_interleave(Centres, dim: 1));
        }

        var (embeddings, labels) = (randn(Labels.Length, Size, ScalarType.Float64), tensor(Labels));

        Assert.All(one.forward(embeddings, labels).Numbers().Zip(three.forward(embeddings, labels).Numbers()),
            pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Fact]
    public void OneCentreIsTheDefault()
    {
        using var head = new ArcFaceHead(2, 512, Margin, Scale);
        using var same = new ArcFaceHead(2, 512, Margin, Scale, centres: 1);
        using var three = new ArcFaceHead(2, 512, Margin, Scale, Centres);

        Assert.Equal([512, 2], head.ClassWeights.shape);
        Assert.Equal([512, 2], same.ClassWeights.shape);
        Assert.Equal([512, 6], three.ClassWeights.shape);
    }

    [Fact]
    public void GradientsAgreeWithSmallSteps()
    {
        using var scope = NewDisposeScope();
        _ = manual_seed(3);
        using var head = Head(2, Centres);
        var embeddings = randn(Labels.Length, Size, ScalarType.Float64).requires_grad_();
        var labels = tensor(Labels);

        SmallSteps.AgreeWithBackward(() => head.Loss(embeddings, labels), embeddings, head.ClassWeights);
    }

    [Fact]
    public void OnlyTheNearestCentreLearns()
    {
        using var scope = NewDisposeScope();
        _ = manual_seed(4);
        using var head = Head(2, Centres);
        var embedding = randn(1, Size, ScalarType.Float64);

        head.Loss(embedding, tensor(new long[] { 1 })).backward();

        // Not null after backward.
        var learnt = Enumerable.Range(0, 2 * Centres).Where(c => head.ClassWeights.grad![TensorIndex.Colon, c].Numbers().Any(v => v != 0));
        var nearest = new[] { 0, 1 }.Select(
            c => Enumerable.Range(c * Centres, Centres).MaxBy(k => SmallSteps.Cosine(embedding.Numbers(), Column(head, k))));
        Assert.Equal(nearest, learnt);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void ExactlyParallelOrOppositeIsFinite(int cosine)
    {
        using var scope = NewDisposeScope();
        using var head = Head(2, Centres);
        using (no_grad())
        {
            head.ClassWeights.zero_();
            head.ClassWeights[0] = 1; // all six are the same axis, which gives ties
        }

        var embeddings = (eye(Size, dtype: ScalarType.Float64)[..1] * cosine).requires_grad_();

        var loss = head.Loss(embeddings, tensor(new long[] { 1 }));
        loss.backward();

        SmallSteps.AssertFinite(loss);
        SmallSteps.AssertFinite(embeddings.grad);
        SmallSteps.AssertFinite(head.ClassWeights.grad);
    }

    [Fact]
    public void NoCentreIsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ArcFaceHead(2, Size, Margin, Scale, centres: 0));

    private static double WithMargin(double cosine)
    {
        var theta = Math.Acos(cosine);
        return theta <= Math.PI - Margin ? Math.Cos(theta + Margin) : cosine - (Margin * Math.Sin(Margin));
    }

    private static double[] Column(ArcFaceHead head, int column) => head.ClassWeights[TensorIndex.Colon, column].Numbers();

    private static ArcFaceHead Head(int classes, int centres)
    {
        var head = new ArcFaceHead(classes, Size, Margin, Scale, centres);
        head.to(ScalarType.Float64);
        return head;
    }
}
