using TorchSharp;
using TorchSharp.Modules;
using Trainer.Core.Losses;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Losses;

public sealed class HypersphereHeadTests
{
    private const int Size = 5;
    private const double Tolerance = 1e-9; // float64
    private static readonly long[] Labels = [0, 1, 1, 0, 1, 0, 0];

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    public void AgreesWithTheFormulaWrittenOut(double scale)
    {
        using var scope = NewDisposeScope();
        _ = manual_seed(1);
        using var head = Head(scale, ScalarType.Float64);
        var embeddings = randn(Labels.Length, Size, ScalarType.Float64) * 3;

        var loss = head.Loss(embeddings, tensor(Labels)).item<double>();

        double sum = 0;
        for (var i = 0; i < Labels.Length; i++)
        {
            var distance = scale * (1 - SmallSteps.Cosine(embeddings[i].Numbers(), Centre(head).Numbers()));
            sum += Labels[i] == 1 ? distance : -Math.Log(1 - Math.Exp(-distance)); // Ruff et al. 2020, eq. 4
        }

        Assert.Equal(sum / Labels.Length, loss, Tolerance);
    }

    [Fact]
    public void GradientsAgreeWithSmallSteps()
    {
        using var scope = NewDisposeScope();
        _ = manual_seed(2);
        using var head = Head(4, ScalarType.Float64);
        var embeddings = randn(Labels.Length, Size, ScalarType.Float64).requires_grad_();
        var labels = tensor(Labels);

        SmallSteps.AgreeWithBackward(() => head.Loss(embeddings, labels), embeddings, Centre(head));
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
            using var head = Head(64, type);
            var embeddings = (Centre(head).detach().T * cosine * 2).contiguous().requires_grad_();

            var loss = head.Loss(embeddings, tensor(new[] { label }));
            loss.backward();

            SmallSteps.AssertFinite(loss);
            SmallSteps.AssertFinite(embeddings.grad);
            SmallSteps.AssertFinite(Centre(head).grad);
        }
    }

    [Fact]
    public void SubjectIsDrawnInAndTheRestPushedOut()
    {
        var cosines = Enumerable.Range(0, 9).Select(i => Math.Cos((i + 0.5) * Math.PI / 9)).ToArray(); // from near to far

        var normals = cosines.Select(cosine => LossAt(cosine, label: 1)).ToArray();
        var negatives = cosines.Select(cosine => LossAt(cosine, label: 0)).ToArray();

        Assert.Equal(normals.Order(), normals);
        Assert.Equal(negatives.OrderDescending(), negatives);
        Assert.All(normals.Concat(negatives), loss => Assert.True(loss >= 0));
    }

    [Fact]
    public void ItsCheckpointKeyIsW()
    {
        using var head = new HypersphereHead(512, 16);

        var (name, weights) = Assert.Single(head.state_dict());

        Assert.Equal("W", name);
        Assert.Equal([512, 1], weights.shape);
        Assert.Same(head, head.Module);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void ScaleMustBeAboveZero(double scale) => Assert.Throws<ArgumentOutOfRangeException>(() => new HypersphereHead(512, scale));

    private static double LossAt(double cosine, long label)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var head = Head(8, ScalarType.Float64);
        Centre(head).copy_(tensor(new double[] { 1, 0, 0, 0, 0 }, [Size, 1]));
        return head.Loss(tensor([cosine, Math.Sqrt(1 - (cosine * cosine)), 0, 0, 0], [1, Size]), tensor(new[] { label })).item<double>();
    }

    private static HypersphereHead Head(double scale, ScalarType type)
    {
        var head = new HypersphereHead(Size, scale);
        head.to(type);
        return head;
    }

    private static Parameter Centre(HypersphereHead head) => head.get_parameter("W")!; // ItsCheckpointKeyIsW
}
