using Trainer.Core.Networks;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Export;

public sealed class FoldedNetworkTests
{
    private const double Tolerance = 1e-5; // of float32, relative to the largest value of the output

    [Fact]
    public void FoldedNumbersGiveTheNetworksOutput()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var network = RandomGate.Network();
        var images = RandomGate.ImagesTensor(2);

        var expected = network.forward(images);
        var actual = Forward(FoldedNetwork.Of(network), images);

        var largest = expected.abs().max().item<float>();
        Assert.InRange((expected - actual).abs().max().item<double>() / largest, 0, Tolerance);
        Assert.NotEqual(0, largest);
    }

    [Fact]
    public void HasTheShapeOfMobileNetV2()
    {
        using var network = RandomGate.Network();

        var folded = FoldedNetwork.Of(network);

        var convolutions = folded.Blocks.SelectMany(block => block.Convolutions).ToArray();
        Assert.Equal((19, 52), (folded.Blocks.Count, convolutions.Length));
        Assert.Equal(35, convolutions.Count(convolution => convolution.HasRelu6));
        Assert.Equal(17, convolutions.Count(convolution => convolution.Groups > 1));
        Assert.Equal(10, folded.Blocks.Count(block => block.HasShortcut));
        Assert.Equal(5, convolutions.Count(convolution => convolution.Stride == 2));
        Assert.Equal(52, convolutions.Select(convolution => convolution.Name).Distinct().Count());
        Assert.Equal([32, 3, 3, 3], convolutions[0].Shape);
        Assert.All(convolutions, convolution => Assert.Equal(convolution.Shape[0], convolution.Bias.Length));
    }

    /// <summary>Blocks keep torchvision's numbers, which <see cref="Descriptor.Depths"/> uses.</summary>
    [Fact]
    public void FeaturesOfSeveralDepthsAreCarried()
    {
        using var network = RandomGate.Network(FeatureKind.Depths);

        var folded = FoldedNetwork.Of(network);

        Assert.Equal((FeatureKind.Depths, 18, 512 * 1888), (folded.Kind, folded.Blocks.Count, folded.HeadWeights.Length));
        Assert.All(Descriptor.Depths, depth =>
        {
            var last = folded.Blocks[depth.Block].Convolutions[^1];
            Assert.Equal((depth.Channels, false), (last.Bias.Length, last.HasRelu6));
        });
    }

    [Fact]
    public void NetworkIsLeftAsItWas()
    {
        using var network = RandomGate.Network();
        var before = Core.Weights.StateDict.Save(network);

        _ = FoldedNetwork.Of(network);

        Assert.All(before.Zip(Core.Weights.StateDict.Save(network)), pair =>
            Weights.Safetensors.SafetensorsFileTests.AssertSame(pair.First, pair.Second));
    }

    /// <summary>A network made of the folded numbers.</summary>
    [Theory]
    [InlineData(FeatureKind.Pooled)]
    [InlineData(FeatureKind.Depths)]
    public void NetworkComesBack(FeatureKind kind)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var network = RandomGate.Network(kind);
        using var back = FoldedNetwork.Of(network).ToNetwork();
        var images = RandomGate.ImagesTensor(2);

        var expected = network.forward(images);

        Assert.InRange((expected - back.forward(images)).abs().max().item<float>() / expected.abs().max().item<float>(), 0, Tolerance);
    }

    /// <summary>
    /// A plain computation of the folded network: each convolution with its bias, clamped to 0..6 if it has a ReLU6. It uses float64, in
    /// which oneDNN isn't involved; in float32 oneDNN is wrong on some processors.
    /// </summary>
    internal static Tensor Forward(FoldedNetwork network, Tensor images)
    {
        var features = Features(network, images);
        return nn.functional.linear(
            features, Wide(network.HeadWeights, network.HeadBias.Length, features.shape[1]),
            Wide(network.HeadBias, network.HeadBias.Length));
    }

    /// <summary>The head's input, float64 [N, F].</summary>
    internal static Tensor Features(FoldedNetwork network, Tensor images)
    {
        Func<Tensor, Tensor>[] blocks = [.. network.Blocks.Select(block => (Func<Tensor, Tensor>)(input => Run(block, input)))];
        return network.Kind == FeatureKind.Pooled
            ? blocks.Aggregate(images.to(ScalarType.Float64), (maps, block) => block(maps)).mean([2, 3])
            : Descriptor.Of(DepthStatistics.Of(blocks, images.to(ScalarType.Float64)));
    }

    private static Tensor Run(FoldedBlock block, Tensor input)
    {
        var output = block.Convolutions.Aggregate(input, (maps, convolution) => Run(convolution, maps));
        return block.HasShortcut ? input + output : output;
    }

    /// <summary>One of its convolutions, on maps in float64.</summary>
    internal static Tensor Run(FoldedConvolution convolution, Tensor input)
    {
        var (weights, bias) = (Wide(convolution.Weights, convolution.Shape), Wide(convolution.Bias, convolution.Bias.Length));
        var output = convolution.Groups > 1
            ? Depthwise(input, weights, convolution.Stride) + bias.view(-1, 1, 1)
            : nn.functional.conv2d(
                input, weights, bias, [convolution.Stride, convolution.Stride], [convolution.Padding, convolution.Padding]);
        return convolution.HasRelu6 ? nn.functional.relu6(output) : output;
    }

    /// <summary>Computed tap by tap, because libtorch would run a separate convolution for each channel.</summary>
    /// <param name="weights">[C, 1, 3, 3].</param>
    private static Tensor Depthwise(Tensor input, Tensor weights, int stride)
    {
        const int Kernel = 3;
        var padded = nn.functional.pad(input, [1, 1, 1, 1]);
        var last = input.shape[2]; // the first place at which a window's first tap is outside
        return Enumerable.Range(0, Kernel * Kernel).Select(tap => (Row: tap / Kernel, Column: tap % Kernel))
            .Select(tap => padded.slice(2, tap.Row, last + tap.Row, stride)
                .slice(3, tap.Column, last + tap.Column, stride) * weights[.., .., tap.Row, tap.Column].view(-1, 1, 1))
            .Aggregate((sum, product) => sum + product);
    }

    private static Tensor Wide(float[] values, params long[] shape) => tensor(values, shape).to(ScalarType.Float64);
}
