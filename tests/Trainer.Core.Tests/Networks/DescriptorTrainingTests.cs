using TorchSharp;
using Trainer.Core.Networks;
using Trainer.Core.Networks.Passes;
using Trainer.Core.Optimizing;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Networks;

/// <summary>
/// Compares descriptors by our own kernels, and their gradients, with libtorch in float64, whose statistics <see cref="DescriptorTests"/>
/// compares with plain loops.
/// </summary>
public sealed class DescriptorTrainingTests
{
    private const double FeaturesTolerance = 1e-5;
    private const double GradientsTolerance = 1e-3; // libtorch in float32 is as far off, 6e-4

    [Theory]
    [InlineData(false, 64)]
    [InlineData(false, 128)]
    [InlineData(true, 64)]
    [InlineData(false, 224)] // maps of 7x7 at the end
    [InlineData(true, 96)] // and of 3x3
    public void DescriptorsAndGradientsAreThoseOfFloat64(bool learns, int edge)
    {
        using var scope = NewDisposeScope();
        using var network = Network(learns);
        using var parameters = new FlatParameters(network.parameters());
        using var exact = Network(learns);
        exact.to(ScalarType.Float64);
        using var exactParameters = new FlatParameters(exact.parameters());
        var images = Images(4, edge);
        var weights = randn([4, Descriptor.Size], dtype: ScalarType.Float64, generator: new Generator(7));

        var features = Step(network, images, weights.to(ScalarType.Float32));
        var expected = Step(exact, images.to(ScalarType.Float64), weights);

        Assert.InRange((features.to(ScalarType.Float64) - expected).abs().max().item<double>(), 0, FeaturesTolerance);
        var difference = parameters.Gradients.to(ScalarType.Float64) - exactParameters.Gradients;
        Assert.InRange(difference.norm().item<double>() / exactParameters.Gradients.norm().item<double>(), 0, GradientsTolerance);
    }

    /// <summary>Without a backward pass the maps' memory is reused, so each map must be read before that.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void StatisticsAreTheSameWithAndWithoutKeepingMaps(bool learns)
    {
        using var scope = NewDisposeScope();
        float[] Statistics(bool keeps)
        {
            using var network = Network(learns);
            using var fast = new FastFeatures(network.Features, FeatureKind.Depths, threads: 2);
            return fast.Forward(Images(3, 64), keeps).data<float>().ToArray();
        }

        Assert.Equal(Statistics(keeps: true), Statistics(keeps: false));
    }

    [Fact]
    public void APictureGetsTheSameDescriptorAloneAndInABatch()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var network = Network(learns: false);
        var images = Images(5, 128);

        Assert.True(network.Describe(images)[3..4].allclose(network.Describe(images[3..4]), atol: 1e-5));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ALossOfDescriptorsFalls(bool own)
    {
        using var scope = NewDisposeScope();
        using var network = Network(learns: false);
        network.HasOwnKernels &= own;
        using var parameters = new FlatParameters(network.parameters());
        using Scalar rate = -1e-4f;
        var images = Images(2, 64);
        var weights = randn([2, Descriptor.Size], generator: new Generator(7));

        var losses = Enumerable.Range(0, 6).Select(_ => Descend()).ToArray();

        Assert.Equal(losses.OrderDescending(), losses);
        Assert.True(losses[^1] < losses[0] - 0.1, string.Join(", ", losses));

        float Descend()
        {
            using var step = NewDisposeScope();
            parameters.Gradients.zero_();
            using var pass = new TrainingPass(network);
            var loss = pass.Describe(images).mul(weights).sum();
            pass.Backward(loss);
            using var __ = no_grad();
            parameters.Values.add_(parameters.Gradients, rate);
            return loss.item<float>();
        }
    }

    [Fact]
    public void ANotANumberIsNeverHidden()
    {
        using var scope = NewDisposeScope();
        using var network = Network(learns: false);
        using (no_grad())
        {
            network.get_parameter("features.6.conv.2.weight")![0, 0] = float.NaN;
        }

        using var pass = new TrainingPass(network);

        Assert.True(pass.Describe(Images(2, 64)).isnan().any().item<bool>());
    }

    /// <summary>Gradients of a weighted sum of the features.</summary>
    private static Tensor Step(EmbeddingNetwork network, Tensor images, Tensor weights)
    {
        using var pass = new TrainingPass(network);
        var features = pass.Describe(images);
        pass.Backward(features.mul(weights).sum());
        return features.detach();
    }

    /// <summary>
    /// Norms that learn keep nearly all numbers between 0 and 6, because at ReLU6's corners rounding errors would become jumps.
    /// </summary>
    private static EmbeddingNetwork Network(bool learns)
    {
        manual_seed(2);
        var network = new EmbeddingNetwork(FeatureKind.Depths);
        using var _ = no_grad();
        using var generator = new Generator(4);
        foreach (var norm in network.named_modules().Select(named => named.module).OfType<BatchNormLayer>())
        {
            if (learns)
            {
                norm.Weight.copy_((rand(norm.Weight.shape, generator: generator) * 0.2f) + 0.3f);
                norm.Bias.copy_((randn(norm.Bias.shape, generator: generator) * 0.1f) + 3f);
                continue;
            }

            norm.RunningMean.copy_(randn(norm.RunningMean.shape, generator: generator) * 0.1f);
            norm.RunningVariance.copy_(rand(norm.RunningVariance.shape, generator: generator) + 0.5f);
            norm.Weight.copy_(rand(norm.Weight.shape, generator: generator) + 0.7f);
            norm.Bias.copy_(randn(norm.Bias.shape, generator: generator) * 0.3f);
        }

        network.train();
        if (learns)
        {
            network.forward(Images(4, 64));
            BatchNorms.ResetRunningStatistics(network); // running statistics near the batch's, as in the middle of a training
        }
        else
        {
            BatchNorms.Freeze(network);
        }

        return network;
    }

    private static Tensor Images(int count, int edge) => randn([count, edge, edge, 3], generator: new Generator(3)).permute(0, 3, 1, 2);
}
