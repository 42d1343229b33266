using Trainer.Core.Export.LiteRt.Schema;
using Trainer.Core.Export.Rounding;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;

namespace Trainer.Core.Export.LiteRt;

/// <summary>The layers in float32. Their weights may be stored in float16, which LiteRT widens once, when it loads them.</summary>
internal sealed class FloatLayers(FoldedNetwork network, Precision precision) : ILayers
{
    public Precision Precision => precision;

    public LiteRtTensor Pixels(LiteRtGraph graph, LiteRtTensor image)
    {
        var shifted = graph.Add(BuiltinOperator.Dequantize, "pixels_shifted", ElementType.Float32, image.Shape, [image]);
        return graph.Add(BuiltinOperator.Add, "pixels", shifted,
            graph.Number("half_step", (LiteRtGateModel.PixelZero - Preprocessing.HalfRange) / Preprocessing.HalfRange));
    }

    public LiteRtTensor Convolution(LiteRtGraph graph, FoldedConvolution convolution, LiteRtTensor input) => ConvolutionNode.Add(
        graph, convolution, input,
        Constant(graph, $"{convolution.Name}.weight", ConvolutionNode.Ordered(convolution, convolution.Weights),
            ConvolutionNode.Shape(convolution)),
        // Float16 for float16 weights, because XNNPACK runs a mixed layer with slow kernels.
        Constant(graph, $"{convolution.Name}.bias", convolution.Bias, [convolution.Bias.Length]));

    public LiteRtTensor Sum(LiteRtGraph graph, LiteRtTensor input, LiteRtTensor output) =>
        graph.Add(BuiltinOperator.Add, $"{output.Name}.sum", input, output);

    public LiteRtTensor Floats(LiteRtGraph graph, LiteRtTensor map) => map;

    public LiteRtTensor HeadWeights(LiteRtGraph graph)
    {
        var size = network.HeadBias.Length;
        return Constant(graph, $"{WeightRounding.Head}.weight", network.HeadWeights, [size, network.HeadWeights.Length / size]);
    }

    public float[] HeadBias => network.HeadBias;

    private LiteRtTensor Constant(LiteRtGraph graph, string name, float[] values, int[] shape)
    {
        if (precision == Precision.Fp32)
        {
            return graph.Constant(name, ElementType.Float32, values, shape);
        }

        var halves = graph.Constant($"{name}.half", ElementType.Float16, Array.ConvertAll(values, value => (Half)value), shape);
        return graph.Add(BuiltinOperator.Dequantize, name, ElementType.Float32, shape, [halves], version: 3);
    }
}
