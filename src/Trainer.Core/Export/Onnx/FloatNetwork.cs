using Trainer.Core.Networks;
using static Trainer.Core.Export.Onnx.TensorProto.Types;

namespace Trainer.Core.Export.Onnx;

/// <summary>The network in float32; its weights may be kept as halves, which ONNX Runtime widens once, when it loads them.</summary>
public sealed class FloatNetwork(FoldedNetwork network, Precision precision = Precision.Fp32) : IOnnxNetwork
{
    /// <inheritdoc/>
    public Precision Precision => precision;

    /// <summary>Name of what a convolution makes, after its ReLU6.</summary>
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

    /// <summary>Adds the mean over the places of a feature map.</summary>
    /// <returns>Its name, float32 [N, 1280].</returns>
    internal static string AddPool(OnnxGraph graph, string maps)
    {
        const long Edge = Imaging.Preprocessing.ImageSize / 32;
        var pooled = graph.Add("AveragePool", Pool, [maps], OnnxGraph.Wholes("kernel_shape", Edge, Edge));
        return graph.Add("Flatten", "flat", [pooled], OnnxGraph.Whole("axis", 1));
    }

    /// <summary>Name of the pooled features.</summary>
    internal const string Pool = "pool";

    string IOnnxNetwork.AddTo(OnnxGraph graph, string pixels)
    {
        graph.Constant("relu6.min", [0f]);
        graph.Constant("relu6.max", [6f]);
        var current = pixels;
        foreach (var block in network.Blocks)
        {
            var output = block.Convolutions.Aggregate(current, (input, convolution) => AddConvolution(graph, convolution, input));
            current = block.HasShortcut ? graph.Add("Add", $"{output}.sum", [current, output]) : output;
        }

        var weights = Weights(graph, "fc.weight", network.HeadWeights, network.HeadBias.Length, network.HeadWeights.Length / network.HeadBias.Length);
        var bias = graph.Constant("fc.bias", network.HeadBias, network.HeadBias.Length);
        return graph.Add("Gemm", "fc", [AddPool(graph, current), weights, bias], OnnxGraph.Whole("transB", 1));
    }

    private string AddConvolution(OnnxGraph graph, FoldedConvolution convolution, string input)
    {
        var weights = Weights(graph, $"{convolution.Name}.weight", convolution.Weights, convolution.Shape);
        var bias = graph.Constant($"{convolution.Name}.bias", convolution.Bias, convolution.Bias.Length);
        var output = graph.Add("Conv", convolution.Name, [input, weights, bias], Attributes(convolution));
        return convolution.HasRelu6 ? graph.Add("Clip", ResultOf(convolution), [output, "relu6.min", "relu6.max"]) : output;
    }

    private string Weights(OnnxGraph graph, string name, float[] values, params long[] shape)
    {
        if (precision == Precision.Fp32)
        {
            return graph.Constant(name, values, shape);
        }

        var halves = graph.Constant<Half>($"{name}.half", DataType.Float16, Array.ConvertAll(values, value => (Half)value), shape);
        return graph.Add("Cast", name, [halves], OnnxGraph.Whole("to", (long)DataType.Float));
    }
}
