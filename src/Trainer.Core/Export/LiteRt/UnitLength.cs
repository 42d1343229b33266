using Trainer.Core.Export.LiteRt.Schema;

namespace Trainer.Core.Export.LiteRt;

/// <summary>Scales a vector to length 1 by plain operations, because the format's own L2_NORMALIZATION clamps lengths at 1e-6.</summary>
internal static class UnitLength
{
    /// <param name="output">Name of the result.</param>
    /// <param name="vector">float32 [1, n].</param>
    /// <param name="least">The least length to divide by.</param>
    public static LiteRtTensor Of(LiteRtGraph graph, string output, LiteRtTensor vector, double least)
    {
        var squares = graph.Add(BuiltinOperator.Mul, $"{output}_squares", vector, vector);
        var length = graph.Add(BuiltinOperator.Sqrt, $"{output}_length", graph.Reduced(BuiltinOperator.Sum, $"{output}_sum", squares, 1));
        return graph.Add(BuiltinOperator.Div, output, vector,
            graph.Add(BuiltinOperator.Maximum, $"{output}_length_safe", length, graph.Number("least_length", least)));
    }
}
