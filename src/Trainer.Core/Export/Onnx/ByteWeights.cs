using Trainer.Core.Export.Rounding;
using static Trainer.Core.Export.Onnx.TensorProto.Types;

namespace Trainer.Core.Export.Onnx;

/// <summary>Weights that a file keeps as bytes and that are computed with in floats.</summary>
internal static class ByteWeights
{
    /// <summary>Adds them.</summary>
    /// <remarks>Not by DequantizeLinear: ONNX Runtime keeps that for its byte kernels, and would compute it anew for each picture. This it computes once, when it loads the file.</remarks>
    /// <param name="shape">The output channel first.</param>
    /// <returns><paramref name="name"/>, float32.</returns>
    public static string AddTo(OnnxGraph graph, string name, Int8Weights weights, params long[] shape)
    {
        var bytes = graph.Constant<sbyte>($"{name}.bytes", DataType.Int8, weights.Values, shape);
        var wide = graph.Add("Cast", $"{name}.wide", [bytes], OnnxGraph.Whole("to", (long)DataType.Float));
        return graph.Add("Mul", name, [wide, graph.Constant($"{name}.scales", weights.Scales, [shape[0], .. shape.Skip(1).Select(_ => 1L)])]);
    }
}
