using Trainer.Core.Export.Rounding;
using Trainer.Core.Networks;
using static Trainer.Core.Export.Onnx.TensorProto.Types;

namespace Trainer.Core.Export.Onnx;

/// <summary>
/// The network in float32. Its weights may be stored as float16 or bytes, which ONNX Runtime widens once, when it loads them.
/// </summary>
internal sealed class FloatNetwork : IOnnxNetwork
{
    private readonly FoldedNetwork network;
    private readonly IReadOnlyDictionary<string, Int8Weights> eightBit;

    /// <summary>Stores the weights as float32 or as float16.</summary>
    public FloatNetwork(FoldedNetwork network, Precision precision = Precision.Fp32)
        : this(network, precision, new Dictionary<string, Int8Weights>())
    {
    }

    private FloatNetwork(FoldedNetwork network, Precision precision, IReadOnlyDictionary<string, Int8Weights> eightBit) =>
        (this.network, Precision, this.eightBit) = (network, precision, eightBit);

    /// <inheritdoc/>
    public Precision Precision { get; }

    /// <summary>Stores the weights that <see cref="WeightRounding"/> rounded to bytes as bytes, and the others as float16.</summary>
    internal static FloatNetwork OfBytes(FoldedNetwork rounded, IReadOnlyDictionary<string, Int8Weights> eightBit) =>
        new(rounded, Precision.Int8, eightBit);

    /// <summary>Name of a convolution's output after its ReLU6.</summary>
    internal static string ResultOf(FoldedConvolution convolution) => convolution.HasRelu6 ? $"{convolution.Name}.relu6" : convolution.Name;

    /// <summary>Attributes of a convolution's node.</summary>
    internal static AttributeProto[] Attributes(FoldedConvolution convolution)
    {
        long kernel = convolution.Kernel, padding = convolution.Padding, stride = convolution.Stride;
        return
        [
            OnnxGraph.Wholes("kernel_shape", kernel, kernel),
            OnnxGraph.Wholes("strides", stride, stride),
            OnnxGraph.Wholes("pads", padding, padding, padding, padding),
            OnnxGraph.Wholes("dilations", 1, 1),
            OnnxGraph.Whole("group", convolution.Groups),
        ];
    }

    string IOnnxNetwork.AddFeaturesTo(OnnxGraph graph, string pixels, int edge)
    {
        graph.Constant("relu6.min", [0f]);
        graph.Constant("relu6.max", [6f]);
        var current = pixels;
        var maps = new List<string>();
        foreach (var block in network.Blocks)
        {
            var output = block.Convolutions.Aggregate(current, (input, convolution) => AddConvolution(graph, convolution, input));
            current = block.HasShortcut ? graph.Add("Add", $"{output}.sum", [current, output]) : output;
            maps.Add(current);
        }

        return FeatureNodes.AddTo(graph, network, maps, edge);
    }

    string IOnnxNetwork.AddHeadTo(OnnxGraph graph, string features)
    {
        var weights = Weights(
            graph, WeightRounding.Head, network.HeadWeights, network.HeadBias.Length, network.HeadWeights.Length / network.HeadBias.Length);
        var bias = graph.Constant("fc.bias", network.HeadBias, network.HeadBias.Length);
        return graph.Add("Gemm", "fc", [features, weights, bias], OnnxGraph.Whole("transB", 1));
    }

    private string AddConvolution(OnnxGraph graph, FoldedConvolution convolution, string input)
    {
        var weights = Weights(graph, convolution.Name, convolution.Weights, convolution.Shape);
        var bias = graph.Constant($"{convolution.Name}.bias", convolution.Bias, convolution.Bias.Length);
        var output = graph.Add("Conv", convolution.Name, [input, weights, bias], Attributes(convolution));
        return convolution.HasRelu6 ? graph.Add("Clip", ResultOf(convolution), [output, "relu6.min", "relu6.max"]) : output;
    }

    private string Weights(OnnxGraph graph, string layer, float[] values, params long[] shape)
    {
        var name = $"{layer}.weight";
        if (Precision == Precision.Fp32)
        {
            return graph.Constant(name, values, shape);
        }

        if (eightBit.TryGetValue(layer, out var rounded))
        {
            return ByteWeights.AddTo(graph, name, rounded, shape);
        }

        var halves = graph.Constant<Half>($"{name}.half", DataType.Float16, Array.ConvertAll(values, value => (Half)value), shape);
        return graph.Add("Cast", name, [halves], OnnxGraph.Whole("to", (long)DataType.Float));
    }
}
