using Trainer.Core.Export.LiteRt.Schema;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Networks;

namespace Trainer.Core.Export.LiteRt;

/// <summary>
/// A convolution in LiteRT's layout: maps are [1, H, W, C], weights [outputs, k, k, inputs], or [1, k, k, C] for a depthwise convolution.
/// </summary>
internal static class ConvolutionNode
{
    /// <summary>Adds a convolution to a graph.</summary>
    /// <param name="type">Type of its input and its output.</param>
    /// <param name="scale">Scale of the result if that is bytes.</param>
    /// <param name="version">Version of the operator.</param>
    public static LiteRtTensor Add(
        LiteRtGraph graph, FoldedConvolution convolution, LiteRtTensor input, LiteRtTensor weights, LiteRtTensor bias,
        ElementType type = ElementType.Float32, ByteScale? scale = null, int version = 1)
    {
        var stride = convolution.Stride;
        int[] shape = [1, input.Shape[1] / stride, input.Shape[2] / stride, convolution.Bias.Length];

        // The operator's own padding puts the zeros of a strided convolution only after an even number of pixels; this network has them on
        // both sides.
        var padsItself = stride == 1;
        var padded = padsItself || convolution.Padding == 0 ? input : Padded(graph, convolution, input);
        var name = FloatNetwork.ResultOf(convolution);
        return IsDepthwise(convolution)
            ? graph.Add(BuiltinOperator.DepthwiseConv2D, name, type, shape, [padded, weights, bias],
                OperatorOptions.DepthwiseConv2D(padsItself, stride, convolution.HasRelu6), scale, version)
            : graph.Add(BuiltinOperator.Conv2D, name, type, shape, [padded, weights, bias],
                OperatorOptions.Conv2D(padsItself, stride, convolution.HasRelu6), scale, version);
    }

    public static bool IsDepthwise(FoldedConvolution convolution) => convolution.Groups > 1;

    public static int[] Shape(FoldedConvolution convolution)
    {
        int outputs = convolution.Bias.Length, kernel = convolution.Kernel;
        return IsDepthwise(convolution) ? [1, kernel, kernel, outputs] : [outputs, kernel, kernel, (int)convolution.Shape[1]];
    }

    /// <summary>Weights in LiteRT's order.</summary>
    /// <param name="weights">[outputs, inputs, k, k], the network's order.</param>
    public static T[] Ordered<T>(FoldedConvolution convolution, T[] weights)
    {
        int outputs = convolution.Bias.Length, inputs = (int)convolution.Shape[1], places = convolution.Kernel * convolution.Kernel;
        var ordered = new T[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            var (output, input, place) = (i / places / inputs, i / places % inputs, i % places);
            ordered[IsDepthwise(convolution) ? (place * outputs) + output : (((output * places) + place) * inputs) + input] = weights[i];
        }

        return ordered;
    }

    private static LiteRtTensor Padded(LiteRtGraph graph, FoldedConvolution convolution, LiteRtTensor input)
    {
        var padding = convolution.Padding;
        var borders = graph.Constant(
            $"{convolution.Name}.borders", ElementType.Int32, new[] { 0, 0, padding, padding, padding, padding, 0, 0 }, [4, 2]);
        int[] shape = [1, input.Shape[1] + (2 * padding), input.Shape[2] + (2 * padding), input.Shape[3]];
        return graph.Add(BuiltinOperator.Pad, $"{convolution.Name}.padded", input.Type, shape, [input, borders], scale: input.Scale,
            version: input.Type == ElementType.Int8 ? 2 : 1);
    }
}
