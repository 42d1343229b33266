using Trainer.Core.Export.LiteRt.Schema;

namespace Trainer.Core.Export.LiteRt;

/// <summary>Makes a vector one of length 1, by plain operations: the format's own L2_NORMALIZATION cuts lengths at 1e-6.</summary>
internal static class UnitLength
{
    /// <param name="output">Names the result.</param>
    /// <param name="vector">float32 [1, n].</param>
    /// <param name="least">It is divided by no less than this.</param>
    public static LiteRtTensor Of(LiteRtGraph graph, string output, LiteRtTensor vector, double least)
    {
        var squares = graph.Add(BuiltinOperator.Mul, $"{output}_squares", vector, vector);
        var length = graph.Add(BuiltinOperator.Sqrt, $"{output}_length", graph.Reduced(BuiltinOperator.Sum, $"{output}_sum", squares, 1));
        return graph.Add(BuiltinOperator.Div, output, vector, graph.Add(BuiltinOperator.Maximum, $"{output}_length_safe", length, graph.Number("least_length", least)));
    }
}
