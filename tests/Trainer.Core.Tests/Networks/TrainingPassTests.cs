using Trainer.Core.Networks;
using Trainer.Core.Training;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Networks;

/// <summary>Our kernels against libtorch, which computes the same network.</summary>
public sealed class TrainingPassTests
{
    public static TheoryData<bool, int, double> Cases => new() { { false, 64, 1e-5 }, { false, 128, 1e-5 }, { true, 64, 0.1 } }; // at the corners of ReLU6 learning norms turn rounding into jumps: libtorch differs from itself by 0.02

    [Theory]
    [MemberData(nameof(Cases))]
    public void GradientsAreLibtorchs(bool learns, int edge, double tolerance)
    {
        using var network = Network(learns, out var parameters);
        using var scope = NewDisposeScope();
        var images = Images(6, edge);

        var (ours, embeddings) = Gradients(network, parameters, images, own: true);
        var running = network.buffers().Select(buffer => buffer.clone()).ToArray();
        Reset(network, learns);
        var (libtorchs, expected) = Gradients(network, parameters, images, own: false);

        Assert.InRange((embeddings - expected).abs().max().item<float>(), 0, 2e-3);
        Assert.InRange((ours - libtorchs).norm().item<float>() / libtorchs.norm().item<float>(), 0, tolerance);
        Assert.All(running.Zip(network.buffers()), pair => Assert.True(pair.First.to(ScalarType.Float32).allclose(pair.Second.to(ScalarType.Float32), 1e-3, 1e-4)));
    }

    [Theory]
    [InlineData(FeatureKind.Pooled, false)]
    [InlineData(FeatureKind.Pooled, true)]
    [InlineData(FeatureKind.Depths, false)]
    [InlineData(FeatureKind.Depths, true)]
    public void BitsDontDependOnTheThreads(FeatureKind kind, bool learns)
    {
        Assert.SkipUnless(System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated, "This processor has no vectors of 256 bits: libtorch computes.");
        float[] With(int threads)
        {
            using var network = Network(learns, out var parameters, kind);
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
        using var network = Network(learns: false, out _);
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
        using var network = Network(learns: false, out var parameters);
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            parameters.Values[1000] = float.NaN;
        }

        using var pass = new TrainingPass(network);

        Assert.True(pass.Forward(Images(2, 64)).isnan().any().item<bool>());
    }

    private static (Tensor Gradients, Tensor Embeddings) Gradients(EmbeddingNetwork network, FlatParameters parameters, Tensor images, bool own)
    {
        network.HasOwnKernels = own && System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated;
        parameters.Gradients.zero_();
        using var pass = new TrainingPass(network);
        var embeddings = pass.Forward(images);
        pass.Backward(embeddings.square().mean());
        return (parameters.Gradients.clone(), embeddings.detach());
    }

    private static EmbeddingNetwork Network(bool learns, out FlatParameters parameters, FeatureKind kind = FeatureKind.Pooled)
    {
        manual_seed(2);
        var network = new EmbeddingNetwork(kind);
        parameters = new FlatParameters(network.parameters());
        Reset(network, learns);
        return network;
    }

    /// <summary>Norms of running statistics that differ from channel to channel.</summary>
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

        foreach (var (_, count) in network.named_buffers().Where(buffer => buffer.name.EndsWith("num_batches_tracked", StringComparison.Ordinal)))
        {
            count.zero_();
        }

        network.train();
        if (!learns)
        {
            BatchNorms.Freeze(network);
        }
    }

    private static Tensor Images(int count, int edge) => randn([count, edge, edge, 3], generator: new Generator(3)).permute(0, 3, 1, 2);
}
