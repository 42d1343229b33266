using Trainer.Core.Export.LiteRt.Schema;
using Trainer.Core.Networks;

namespace Trainer.Core.Export.LiteRt;

/// <summary>Adds the operations of a <see cref="Descriptor"/> to a graph, in float32 for every precision of the file.</summary>
internal sealed class DescriptorNodes(LiteRtGraph graph)
{
    private readonly List<LiteRtTensor> depths = [];
    private readonly List<LiteRtTensor> covariances = [];

    /// <summary>Adds the groups of statistics of a depth.</summary>
    /// <param name="map">float32 [1, H, W, C].</param>
    public void Add(Depth depth, LiteRtTensor map)
    {
        var name = $"depth_{depth.Block}";
        var mean = graph.Reduced(BuiltinOperator.Mean, $"{name}_mean", map, 1, 2);              // [1, 1, 1, C]
        // Subtracted before squaring, to avoid cancellation.
        var rest = graph.Add(BuiltinOperator.Sub, $"{name}_rest", map, mean);
        var square = graph.Add(BuiltinOperator.Mul, $"{name}_square", rest, rest);
        var variance = graph.Reduced(BuiltinOperator.Mean, $"{name}_variance", square, 1, 2);
        var safe = graph.Add(
            BuiltinOperator.Add, $"{name}_variance_safe", variance, graph.Number("variance_epsilon", Descriptor.VarianceEpsilon));
        var deviation = graph.Add(BuiltinOperator.Sqrt, $"{name}_deviation", safe);
        var moments = graph.Concatenated($"{name}_moments", 3, mean, deviation);                 // [1, 1, 1, 2C]
        depths.Add(Group(name, graph.Reshaped($"{name}_statistics", moments, 1, 2 * depth.Channels)));
        if (depth.HasCovariances)
        {
            covariances.Add(Group($"{name}_covariance", Covariances(name, depth, rest)));
        }
    }

    /// <summary>Concatenates all groups in their order.</summary>
    /// <returns>float32 [1, 1888].</returns>
    public LiteRtTensor Concatenated() => graph.Concatenated("features", 1, [.. depths, .. covariances]);

    /// <summary>Computes the products of all pairs of channels, and takes those above the diagonal, row by row.</summary>
    /// <param name="rest">The map minus its means.</param>
    /// <returns>[1, C · (C − 1) / 2].</returns>
    private LiteRtTensor Covariances(string name, Depth depth, LiteRtTensor rest)
    {
        var (channels, places) = (depth.Channels, rest.Shape[1] * rest.Shape[2]);
        var columns = graph.Reshaped($"{name}_columns", rest, 1, places, channels);
        var rows = graph.Add(
            BuiltinOperator.Transpose, $"{name}_rows", ElementType.Float32, [1, channels, places], [columns, graph.Wholes(0, 2, 1)]);
        var products = graph.Add(
            BuiltinOperator.BatchMatMul, $"{name}_products", ElementType.Float32, [1, channels, channels], [rows, columns]);
        int[] above = [.. Enumerable.Range(0, channels * channels).Where(at => at / channels < at % channels)];
        var pairs = graph.Add(
            BuiltinOperator.Gather, $"{name}_pairs", ElementType.Float32, [1, depth.Pairs],
            [graph.Reshaped($"{name}_products_flat", products, 1, channels * channels), graph.Constant($"{name}_above", above)],
            OperatorOptions.Gather(1));
        return graph.Add(BuiltinOperator.Mul, $"{name}_covariances", pairs, graph.Number($"one_of_{places}", 1.0 / places));
    }

    /// <summary>Takes the signed roots of statistics, and scales them together to length 1.</summary>
    /// <param name="statistics">[1, count].</param>
    private LiteRtTensor Group(string name, LiteRtTensor statistics)
    {
        var sizes = graph.Add(
            BuiltinOperator.Add, $"{name}_sizes", graph.Add(BuiltinOperator.Abs, $"{name}_abs", statistics),
            graph.Number("root_epsilon", Descriptor.RootEpsilon));
        var roots = graph.Add(
            BuiltinOperator.Div, $"{name}_roots", statistics, graph.Add(BuiltinOperator.Sqrt, $"{name}_root_sizes", sizes));
        return UnitLength.Of(graph, $"{name}_group", roots, Descriptor.LeastLength);
    }
}
