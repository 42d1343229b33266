using Trainer.Core.Export;
using Trainer.Core.Export.CoreMl;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Export.Onnx.Int8;
using Trainer.Core.Networks;
using Xunit;
using static TorchSharp.torch;
using Threshold = Trainer.Core.Gates.Threshold;

namespace Trainer.Core.Tests.Export;

public sealed class FoldedNetworkTests
{
    private const double Tolerance = 1e-4; // float32, relative to the largest value of the output

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
        Assert.InRange((expected - actual).abs().max().item<float>() / largest, 0, Tolerance);
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

    /// <summary>Blocks keep torchvision's numbers, which <see cref="Descriptor.Depths"/> goes by.</summary>
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
    public void ExportsRefuseFeaturesThatTheyDontWrite()
    {
        using var network = RandomGate.Network(FeatureKind.Depths);
        var folded = FoldedNetwork.Of(network);

        Assert.Throws<NotSupportedException>(() => new FloatNetwork(folded));
        Assert.Throws<NotSupportedException>(() => new Int8Network(folded, []));
        Assert.Throws<NotSupportedException>(() => CoreMlSource.Of(folded, RandomGate.Centroid(), new Threshold(0.5f, 0.95, 1), Precision.Fp32, "1.2.3", () => null!));
    }

    [Fact]
    public void NetworkIsLeftAsItWas()
    {
        using var network = RandomGate.Network();
        var before = Core.Weights.StateDict.Save(network);

        _ = FoldedNetwork.Of(network);

        Assert.All(before.Zip(Core.Weights.StateDict.Save(network)), pair => Weights.SafetensorsFileTests.AssertSame(pair.First, pair.Second));
    }

    /// <summary>The folded network, plainly: each convolution with its bias, cut to 0..6 where it says so.</summary>
    internal static Tensor Forward(FoldedNetwork network, Tensor images)
    {
        var current = images;
        foreach (var block in network.Blocks)
        {
            var output = current;
            foreach (var convolution in block.Convolutions)
            {
                output = Run(convolution, output);
            }

            current = block.HasShortcut ? current + output : output;
        }

        var pooled = current.mean([2, 3]); // [N, 1280]
        return nn.functional.linear(pooled, tensor(network.HeadWeights, [network.HeadBias.Length, pooled.shape[1]]), tensor(network.HeadBias));
    }

    internal static Tensor Run(FoldedConvolution convolution, Tensor input)
    {
        var output = nn.functional.conv2d(
            input,
            tensor(convolution.Weights, convolution.Shape),
            tensor(convolution.Bias),
            [convolution.Stride, convolution.Stride],
            [convolution.Padding, convolution.Padding],
            groups: convolution.Groups);
        return convolution.HasRelu6 ? nn.functional.relu6(output) : output;
    }
}
