using Trainer.Core.Networks;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Rounding;

/// <summary>
/// Rounds a network's weights layer by layer so as to preserve the layers' output for the run's own pictures. Biases compensate the mean
/// error.
/// </summary>
/// <remarks>
/// Measured in docs/decisions/0010 and 0026. The head is rounded like any layer, with the rounded network's features as input. Recomputing
/// the head
/// from those features is worthwhile if maps are rounded too (decision 25); with rounded weights alone it made no difference.
/// </remarks>
internal static class WeightRounding
{
    /// <summary>Name of the linear layer after the convolutions.</summary>
    public const string Head = "fc";

    private const long MostSamples = 8192;

    /// <summary>Rounds the weights to float16.</summary>
    /// <param name="pictures">Normalised pixels, float32 [N, 3, E, E].</param>
    public static FoldedNetwork ToHalves(FoldedNetwork network, Tensor pictures) => Round(network, pictures, eightBit: null);

    /// <summary>
    /// Rounds 1x1 convolutions and the linear layer, 97 % of the weights, to 8 bits. The 3x3 convolutions, with one or three inputs per
    /// channel, suffer most from rounding and are small, so they become float16.
    /// </summary>
    /// <inheritdoc cref="ToHalves"/>
    /// <returns>The network with its corrected biases, and the layers in 8 bits by name.</returns>
    public static (FoldedNetwork Network, IReadOnlyDictionary<string, Int8Weights> EightBit) ToBytes(FoldedNetwork network, Tensor pictures)
    {
        var eightBit = new Dictionary<string, Int8Weights>();
        return (Round(network, pictures, eightBit), eightBit);
    }

    /// <param name="eightBit">Receives the 8-bit layers; null if everything is rounded to float16.</param>
    private static FoldedNetwork Round(FoldedNetwork network, Tensor pictures, Dictionary<string, Int8Weights>? eightBit)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var blocks = new List<FoldedBlock>();
        var flow = new Flow(pictures, pictures);
        foreach (var block in network.Blocks)
        {
            (var rounded, flow) = Round(block, flow, eightBit);
            blocks.Add(rounded);
        }

        return network.Kind == FeatureKind.Pooled
            ? RoundHead(network with { Blocks = blocks }, new Flow(flow.Exact.mean([2, 3]), flow.Rounded.mean([2, 3])), eightBit)
            : RoundHead(network, blocks, pictures, eightBit);
    }

    /// <summary>Rounds a head on descriptors.</summary>
    private static FoldedNetwork RoundHead(
        FoldedNetwork network, IReadOnlyList<FoldedBlock> blocks, Tensor pictures, Dictionary<string, Int8Weights>? eightBit)
    {
        using var exact = network.ToNetwork();
        using var rounded = (network with { Blocks = blocks }).ToNetwork();
        return RoundHead(network with { Blocks = blocks }, new Flow(exact.Describe(pictures), rounded.Describe(pictures)), eightBit);
    }

    /// <param name="features">[N, F].</param>
    private static FoldedNetwork RoundHead(FoldedNetwork network, Flow features, Dictionary<string, Int8Weights>? eightBit)
    {
        var outputs = network.HeadBias.Length;
        var maps = new Flow(features.Exact.unsqueeze(-1).unsqueeze(-1), features.Rounded.unsqueeze(-1).unsqueeze(-1));
        var head = Round(new FoldedConvolution(
            Head, network.HeadWeights, [outputs, network.HeadWeights.Length / outputs, 1, 1], network.HeadBias, 1, 1, HasRelu6: false),
            maps, eightBit);
        return network with { HeadWeights = head.Weights, HeadBias = head.Bias };
    }

    private static (FoldedBlock, Flow) Round(FoldedBlock block, Flow given, Dictionary<string, Int8Weights>? eightBit)
    {
        using var scope = NewDisposeScope();
        var convolutions = new List<FoldedConvolution>();
        var flow = given;
        foreach (var convolution in block.Convolutions)
        {
            var rounded = Round(convolution, flow, eightBit);
            convolutions.Add(rounded);
            flow = new Flow(Run(convolution, flow.Exact), Run(rounded, flow.Rounded));
        }

        flow = block.HasShortcut ? new Flow(given.Exact + flow.Exact, given.Rounded + flow.Rounded) : flow;
        return (block with { Convolutions = convolutions },
            new Flow(flow.Exact.MoveToOuterDisposeScope(), flow.Rounded.MoveToOuterDisposeScope()));
    }

    private static FoldedConvolution Round(FoldedConvolution convolution, Flow flow, Dictionary<string, Int8Weights>? eightBit)
    {
        using var scope = NewDisposeScope();
        if (convolution.Kernel == 1)
        {
            var rounding = new LayerRounding(Samples(flow.Exact), Samples(flow.Rounded), convolution.Weights, convolution.Bias);
            if (eightBit is null)
            {
                var (halves, corrected) = rounding.ToHalves();
                return convolution with { Weights = halves, Bias = corrected };
            }

            var (weights, bias) = rounding.ToBytes();
            eightBit.Add(convolution.Name, weights);
            return convolution with { Weights = weights.Widened(), Bias = bias };
        }

        var half = convolution with { Weights = Array.ConvertAll(convolution.Weights, weight => (float)(Half)weight), HasRelu6 = false };
        // [outputs]
        var lost = (Run(convolution with { HasRelu6 = false }, flow.Exact) - Run(half, flow.Rounded)).mean([0, 2, 3]).data<float>();
        return half with { Bias = [.. convolution.Bias.Zip(lost, (bias, by) => bias + by)], HasRelu6 = convolution.HasRelu6 };
    }

    private static Tensor Run(FoldedConvolution convolution, Tensor input)
    {
        using var scope = NewDisposeScope();
        long stride = convolution.Stride, padding = convolution.Padding;
        var output = nn.functional.conv2d(
            input, tensor(convolution.Weights, convolution.Shape), tensor(convolution.Bias), [stride, stride], [padding, padding],
            groups: convolution.Groups);
        return (convolution.HasRelu6 ? nn.functional.relu6(output) : output).MoveToOuterDisposeScope();
    }

    /// <summary>An evenly spaced sample of a map's places, [N, C, H, W] → [samples, C].</summary>
    private static Tensor Samples(Tensor maps)
    {
        var rows = maps.permute(0, 2, 3, 1).reshape(-1, maps.shape[1]);
        var step = (rows.shape[0] + MostSamples - 1) / MostSamples;
        return rows.slice(0, 0, rows.shape[0], step | 1); // an odd step reaches every column of the picture
    }

    /// <summary>Values of the same pictures in the true network and in the rounded network.</summary>
    private sealed record Flow(Tensor Exact, Tensor Rounded);
}
