using TorchSharp;
using TorchSharp.Modules;
using Trainer.Core.Losses;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Losses;

public sealed class BinaryHeadTests
{
    private const int Size = 5;
    private const double Tolerance = 1e-9; // float64
    private static readonly long[] Labels = [0, 1, 1, 0, 1, 0, 0];

    [Theory]
    [InlineData(1, 0)]
    [InlineData(16, 0.4)]
    [InlineData(64, -0.2)]
    public void AgreesWithTheFormulaWrittenOut(double scale, double bias)
    {
        using var scope = NewDisposeScope();
        _ = manual_seed(1);
        using var head = Head(scale, bias, ScalarType.Float64);
        var embeddings = randn(Labels.Length, Size, ScalarType.Float64) * 3;

        var loss = head.Loss(embeddings, tensor(Labels)).item<double>();

        double sum = 0;
        for (var i = 0; i < Labels.Length; i++)
        {
            var logit = scale * (SmallSteps.Cosine(embeddings[i].Numbers(), Parameter(head, "W").Numbers()) - bias);
            sum += Math.Log(1 + Math.Exp(Labels[i] == 1 ? -logit : logit)); // −log of the label's probability
        }

        Assert.Equal(sum / Labels.Length, loss, Tolerance);
    }

    [Fact]
    public void GradientsAgreeWithSmallSteps()
    {
        using var scope = NewDisposeScope();
        _ = manual_seed(2);
        using var head = Head(4, 0.3, ScalarType.Float64);
        var embeddings = randn(Labels.Length, Size, ScalarType.Float64).requires_grad_();
        var labels = tensor(Labels);

        SmallSteps.AgreeWithBackward(() => head.Loss(embeddings, labels), embeddings, Parameter(head, "W"), Parameter(head, "b"));
    }

    [Theory]
    [InlineData(1, ScalarType.Float32)]
    [InlineData(-1, ScalarType.Float32)]
    [InlineData(1, ScalarType.Float64)]
    [InlineData(-1, ScalarType.Float64)]
    public void ExactlyParallelOrOppositeIsFinite(int cosine, ScalarType type)
    {
        foreach (var label in (long[])[0, 1])
        {
            using var scope = NewDisposeScope();
            _ = manual_seed(3);
            using var head = Head(1000, 0, type); // so large that a naive sigmoid would be 0 or 1 exactly
            var embeddings = (Parameter(head, "W").detach().T * cosine * 2).contiguous().requires_grad_();

            var loss = head.Loss(embeddings, tensor(new[] { label }));
            loss.backward();

            SmallSteps.AssertFinite(loss);
            SmallSteps.AssertFinite(embeddings.grad);
            SmallSteps.AssertFinite(Parameter(head, "W").grad);
            SmallSteps.AssertFinite(Parameter(head, "b").grad);
        }
    }

    [Fact]
    public void SwappingTheLabelsMirrorsTheLoss()
    {
        using var scope = NewDisposeScope();
        _ = manual_seed(4);
        using var head = Head(8, 0, ScalarType.Float64);
        var (embeddings, labels) = (randn(Labels.Length, Size, ScalarType.Float64), tensor(Labels));

        Assert.Equal(head.Loss(embeddings, labels).item<double>(), head.Loss(-embeddings, 1 - labels).item<double>(), Tolerance);
    }

    [Fact]
    public void ItsCheckpointKeysAreWAndB()
    {
        using var head = new BinaryHead(512, 16);

        var shapes = head.state_dict().Select(pair => $"{pair.Key} [{string.Join(", ", pair.Value.shape)}]");

        Assert.Equal(["W [512, 1]", "b [1]"], shapes.Order(StringComparer.Ordinal));
        Assert.Same(head, head.Module);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void ScaleMustBeAboveZero(double scale) => Assert.Throws<ArgumentOutOfRangeException>(() => new BinaryHead(512, scale));

    private static BinaryHead Head(double scale, double bias, ScalarType type)
    {
        var head = new BinaryHead(Size, scale);
        head.to(type);
        using var _ = no_grad();
        Parameter(head, "b").fill_(bias);
        return head;
    }

    private static Parameter Parameter(BinaryHead head, string name) => head.get_parameter(name)!; // ItsCheckpointKeysAreWAndB
}
