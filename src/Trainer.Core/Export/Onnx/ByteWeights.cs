using Trainer.Core.Export.Rounding;
using static Trainer.Core.Export.Onnx.TensorProto.Types;

namespace Trainer.Core.Export.Onnx;

/// <summary>Weights that a file stores as bytes and that are used as floats.</summary>
internal static class ByteWeights
{
    /// <summary>Adds the weights to a graph.</summary>
    /// <remarks>
    /// DequantizeLinear isn't used, because ONNX Runtime keeps it for its int8 kernels and would compute it again for each picture. These
    /// nodes are computed once, when the file is loaded.
    /// </remarks>
    /// <param name="shape">Shape of the weights, the output channel first.</param>
    /// <returns><paramref name="name"/>, float32.</returns>
    public static string AddTo(OnnxGraph graph, string name, Int8Weights weights, params long[] shape)
    {
        var bytes = graph.Constant<sbyte>($"{name}.bytes", DataType.Int8, weights.Values, shape);
        var wide = graph.Add("Cast", $"{name}.wide", [bytes], OnnxGraph.Whole("to", (long)DataType.Float));
        return graph.Add("Mul", name,
            [wide, graph.Constant($"{name}.scales", weights.Scales, [shape[0], .. shape.Skip(1).Select(_ => 1L)])]);
    }
}
