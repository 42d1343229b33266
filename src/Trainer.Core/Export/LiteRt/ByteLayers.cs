using Trainer.Core.Export.LiteRt.Schema;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Export.Onnx.Int8;
using Trainer.Core.Export.Rounding;
using Trainer.Core.Networks;

namespace Trainer.Core.Export.LiteRt;

/// <summary>The layers in int8, with the same numbers as the int8 ONNX file: both formats share one rounding and one head.</summary>
/// <remarks>
/// LiteRT's bytes are signed, 128 less than ONNX's. LiteRT widens the bytes of the head's weights once, when it loads them, and the head's
/// inputs are floats.
/// </remarks>
internal sealed class ByteLayers(Int8Network network) : ILayers
{
    private const int Signed = 128;

    public Precision Precision => Precision.Int8;

    public float[] HeadBias => network.HeadBias;

    public LiteRtTensor Pixels(LiteRtGraph graph, LiteRtTensor image) =>
        graph.Add(BuiltinOperator.Quantize, Calibration.Pixels, ElementType.Int8, image.Shape, [image], scale: ScaleOf(Calibration.Pixels));

    public LiteRtTensor Convolution(LiteRtGraph graph, FoldedConvolution convolution, LiteRtTensor input)
    {
        var (name, outputs) = (convolution.Name, convolution.Bias.Length);
        var rounded = network.Round(convolution, input.Name);
        var weights = graph.Constant(
            $"{name}.weight", ElementType.Int8, ConvolutionNode.Ordered(convolution, rounded.Weights.Bytes),
            ConvolutionNode.Shape(convolution),
            new ByteScale(rounded.Weights.Scales, 0, ConvolutionNode.IsDepthwise(convolution) ? 3 : 0));
        var bias = graph.Constant($"{name}.bias", ElementType.Int32, rounded.Bias, [outputs], new ByteScale(rounded.BiasSteps, 0));
        return ConvolutionNode.Add(
            graph, convolution, input, weights, bias, ElementType.Int8, ScaleOf(FloatNetwork.ResultOf(convolution)), version: 3);
    }

    public LiteRtTensor Sum(LiteRtGraph graph, LiteRtTensor input, LiteRtTensor output) =>
        graph.Add(BuiltinOperator.Add, $"{output.Name}.sum", ElementType.Int8, output.Shape, [input, output],
            scale: ScaleOf($"{output.Name}.sum"), version: 2);

    public LiteRtTensor Floats(LiteRtGraph graph, LiteRtTensor map) =>
        graph.Add(BuiltinOperator.Dequantize, $"{map.Name}.floats", ElementType.Float32, map.Shape, [map], version: 2);

    public LiteRtTensor HeadWeights(LiteRtGraph graph)
    {
        var weights = network.HeadWeights;
        int[] shape = [weights.Scales.Length, weights.Values.Length / weights.Scales.Length];
        var bytes = graph.Constant(
            $"{WeightRounding.Head}.weight.bytes", ElementType.Int8, weights.Values, shape, new ByteScale(weights.Scales, 0));
        // Version 5 has one scale per row.
        return graph.Add(BuiltinOperator.Dequantize, $"{WeightRounding.Head}.weight", ElementType.Float32, shape, [bytes], version: 5);
    }

    /// <param name="values">Name in the calibration; tensors here have the same names.</param>
    private ByteScale ScaleOf(string values)
    {
        var bytes = network.BytesOf(values);
        return new ByteScale([bytes.Scale], bytes.Zero - Signed);
    }
}
