using System.Runtime.Intrinsics;
using TorchSharp;
using Trainer.Core.Networks;
using Trainer.Core.Networks.Passes;
using Trainer.Core.Optimizing;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Networks.Passes;

/// <summary>
/// Compares forward and backward passes with libtorch in float64, in which oneDNN isn't involved; in float32 it is wrong on some
/// processors.
/// </summary>
public sealed class TrainingPassTests
{
    private const int Pictures = 2;

    /// <summary>
    /// If norms learn, rounding moves numbers across the corners of ReLU6, where gradients jump; differences of 0.02 of their length were
    /// seen.
    /// </summary>
    public static TheoryData<bool, bool, int, double> Cases => new()
    {
        { true, false, 64, 1e-5 }, { true, false, 128, 1e-5 }, { true, true, 64, 0.06 }, { false, false, 64, 1e-5 },
            { false, false, 128, 1e-5 }, { false, true, 64, 0.06 },
    };

    /// <summary>The network's results in float64, by whether norms learn and by the pictures' edge; computing them takes seconds.</summary>
    private static readonly Dictionary<(bool, int), (Tensor Gradients, Tensor Embeddings, Tensor[] Running)> InDoubles = [];

    [Theory]
    [MemberData(nameof(Cases))]
    public void GradientsAreThoseOfDoublePrecision(bool own, bool learns, int edge, double tolerance)
    {
        Assert.SkipWhen(own && !Vector256.IsHardwareAccelerated, "This processor has no vectors of 256 bits: libtorch computes.");
        var (gradients, embeddings, running) = Pass(ScalarType.Float32, own, learns, edge);

        if (!InDoubles.TryGetValue((learns, edge), out var expected))
        {
            InDoubles[(learns, edge)] = expected = Pass(ScalarType.Float64, own: false, learns, edge);
        }

        Assert.InRange((embeddings - expected.Embeddings).abs().max().item<double>(), 0, learns ? 1e-3 : 1e-5);
        Assert.InRange((gradients - expected.Gradients).norm().item<double>() / expected.Gradients.norm().item<double>(), 0, tolerance);
        Assert.All(running.Zip(expected.Running), pair => Assert.True(pair.First.allclose(pair.Second, 1e-3, 1e-4)));
    }

    [Theory]
    [InlineData(FeatureKind.Pooled, false)]
    [InlineData(FeatureKind.Pooled, true)]
    [InlineData(FeatureKind.Depths, false)]
    [InlineData(FeatureKind.Depths, true)]
    public void BitsDontDependOnTheThreads(FeatureKind kind, bool learns)
    {
        Assert.SkipUnless(Vector256.IsHardwareAccelerated, "This processor has no vectors of 256 bits: libtorch computes.");
        float[] With(int threads)
        {
            using var network = Network(learns, ScalarType.Float32, out var parameters, kind);
            using var scope = NewDisposeScope();
            var images = Images(5, 64);
            using var fast = new FastFeatures(network.Features, kind, threads);
            var features = fast.Forward(images, keeps: true);
            fast.Backward(features);
            return [.. features.data<float>(), .. parameters.Gradients.data<float>()];
        }

        Assert.Equal(With(1), With(3));
    }

    [Fact]
    public void APictureGetsTheSameEmbeddingAloneAndInABatch()
    {
        using var network = Network(learns: false, ScalarType.Float32, out _);
        using var scope = NewDisposeScope();
        using var without = no_grad();
        network.eval();
        var images = Images(5, 128);

        var together = network.forward(images)[3].data<float>().ToArray();

        Assert.Equal(together, network.forward(images[3..4]).data<float>().ToArray(), (a, b) => MathF.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void ANotANumberIsNeverHidden()
    {
        using var network = Network(learns: false, ScalarType.Float32, out var parameters);
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            parameters.Values[1000] = float.NaN;
        }

        using var pass = new TrainingPass(network);

        Assert.True(pass.Forward(Images(2, 64)).isnan().any().item<bool>());
    }

    /// <returns>In float64 all of them.</returns>
    private static (Tensor Gradients, Tensor Embeddings, Tensor[] Running) Pass(ScalarType type, bool own, bool learns, int edge)
    {
        using var scope = NewDisposeScope();
        using var network = Network(learns, type, out var parameters);
        network.HasOwnKernels = own;
        using var pass = new TrainingPass(network);
        var embeddings = pass.Forward(Images(Pictures, edge).to(type));
        pass.Backward(embeddings.square().mean());
        return (Wide(parameters.Gradients), Wide(embeddings.detach()), [.. network.buffers().Select(Wide)]);

        static Tensor Wide(Tensor tensor) => tensor.to(ScalarType.Float64, copy: true).DetachFromDisposeScope();
    }

    private static EmbeddingNetwork Network(
        bool learns, ScalarType type, out FlatParameters parameters, FeatureKind kind = FeatureKind.Pooled)
    {
        manual_seed(2);
        var network = new EmbeddingNetwork(kind);
        Reset(network, learns);
        network.to(type);
        parameters = new FlatParameters(network.parameters());
        return network;
    }

    /// <summary>Gives the norms running statistics that differ from channel to channel.</summary>
    private static void Reset(EmbeddingNetwork network, bool learns)
    {
        using var _ = no_grad();
        using var generator = new Generator(4);
        foreach (var norm in network.named_modules().Select(m => m.module).OfType<BatchNormLayer>())
        {
            norm.RunningMean.copy_(randn(norm.RunningMean.shape, generator: generator) * 0.1f);
            norm.RunningVariance.copy_(rand(norm.RunningVariance.shape, generator: generator) + 0.5f);
            norm.Weight.copy_(rand(norm.Weight.shape, generator: generator) + 0.7f);
            norm.Bias.copy_(randn(norm.Bias.shape, generator: generator) * 0.3f);
        }

        network.train();
        if (!learns)
        {
            BatchNorms.Freeze(network);
        }
    }

    private static Tensor Images(int count, int edge) => randn([count, edge, edge, 3], generator: new Generator(3)).permute(0, 3, 1, 2);
}
