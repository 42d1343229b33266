using Trainer.Core.Networks;

namespace Trainer.Core.Export.Onnx;

/// <summary>
/// Computes a gate's features from the maps as nodes of a graph: the mean over the last map's places, or the <see cref="Descriptor"/>.
/// </summary>
internal static class FeatureNodes
{
    /// <summary>Name of the features: float32 [N, F].</summary>
    public const string Features = "features";

    /// <summary>Adds the nodes.</summary>
    /// <param name="maps">Names of each block's output, float32 [N, C, H, W], with torchvision's numbers.</param>
    /// <param name="edge">Edge of the network's input.</param>
    /// <returns><see cref="Features"/>.</returns>
    public static string AddTo(OnnxGraph graph, FoldedNetwork network, IReadOnlyList<string> maps, int edge) =>
        network.Kind == FeatureKind.Depths ? AddDescriptor(graph, network, maps, edge)
            : AddPool(graph, maps[^1], EdgeAt(network, network.Blocks.Count - 1, edge));

    private static string AddPool(OnnxGraph graph, string maps, long edge)
    {
        var pooled = graph.Add("AveragePool", "pool", [maps], OnnxGraph.Wholes("kernel_shape", edge, edge));
        return graph.Add("Flatten", Features, [pooled], OnnxGraph.Whole("axis", 1));
    }

    private static string AddDescriptor(OnnxGraph graph, FoldedNetwork network, IReadOnlyList<string> maps, int edge)
    {
        graph.Constant("places", 2L);
        graph.Constant("variance.epsilon", [(float)Descriptor.VarianceEpsilon]);
        var moments = new List<string>();
        var covariances = new List<string>();
        foreach (var depth in Descriptor.Depths)
        {
            var name = $"depth.{depth.Block}";
            var shape = graph.Constant($"{name}.shape", 0L, depth.Channels, -1);                                    // 0: as it is
            var rows = graph.Add("Reshape", $"{name}.rows", [maps[depth.Block], shape]);                           // [N, C, P]
            var mean = graph.Add("ReduceMean", $"{name}.mean", [rows, "places"]);                                  // [N, C, 1]
            // subtracted before squaring, so nothing cancels
            var rest = graph.Add("Sub", $"{name}.rest", [rows, mean]);
            var square = graph.Add("Mul", $"{name}.square", [rest, rest]);
            var variance = graph.Add("ReduceMean", $"{name}.variance", [square, "places"]);
            var safe = graph.Add("Add", $"{name}.variance.safe", [variance, "variance.epsilon"]);
            moments.AddRange([mean, graph.Add("Sqrt", $"{name}.deviation", [safe])]);
            if (depth.HasCovariances)
            {
                covariances.Add(AddCovariances(graph, name, rest, depth, EdgeAt(network, depth.Block, edge)));
            }
        }

        var column = graph.Add("Concat", "statistics.column", [.. moments, .. covariances], OnnxGraph.Whole("axis", 1)); // [N, F, 1]
        return AddRootsAndLengths(graph, graph.Add("Squeeze", "statistics", [column, "places"]));
    }

    /// <param name="rest">Values minus their channel's mean, [N, C, P].</param>
    /// <param name="edge">Edge of the map; P = edge².</param>
    /// <returns>[N, C · (C − 1) / 2, 1].</returns>
    private static string AddCovariances(OnnxGraph graph, string name, string rest, Depth depth, int edge)
    {
        var turned = graph.Add("Transpose", $"{name}.turned", [rest], OnnxGraph.Wholes("perm", 0, 2, 1));           // [N, P, C]
        var products = graph.Add("MatMul", $"{name}.products", [rest, turned]);                                   // [N, C, C]
        var flat = graph.Add("Reshape", $"{name}.products.flat", [products, graph.Constant($"{name}.products.shape", 0L, -1, 1)]);
        int[] above = [.. Enumerable.Range(0, depth.Channels * depth.Channels).Where(at => at / depth.Channels < at % depth.Channels)];
        var indices = graph.Constant<int>($"{name}.above", TensorProto.Types.DataType.Int32, above, above.Length);
        var pairs = graph.Add("Gather", $"{name}.pairs", [flat, indices], OnnxGraph.Whole("axis", 1));
        return graph.Add("Div", $"{name}.covariances", [pairs, graph.Constant($"{name}.size", [(float)(edge * edge)])]);
    }

    /// <summary>Edge of a block's output.</summary>
    private static int EdgeAt(FoldedNetwork network, int block, int edge) =>
        edge / network.Blocks.Take(block + 1).SelectMany(part => part.Convolutions)
            .Aggregate(1, (product, convolution) => product * convolution.Stride);

    private static string AddRootsAndLengths(OnnxGraph graph, string statistics)
    {
        var magnitudes = graph.Add("Abs", "statistics.abs", [statistics]);
        var shifted = graph.Add("Add", "statistics.shifted", [magnitudes, graph.Constant("root.epsilon", [(float)Descriptor.RootEpsilon])]);
        var roots = graph.Add("Div", "roots", [statistics, graph.Add("Sqrt", "statistics.root", [shifted])]);      // [N, F]
        var sizes = graph.Constant("groups", [.. Descriptor.Groups.Select(size => (long)size)]);
        var groups = graph.AddMany(
            "Split", [.. Descriptor.Groups.Select((_, i) => $"roots.{i}")], [roots, sizes], OnnxGraph.Whole("axis", 1));
        var axis = graph.Constant("groups.axis", 1L);
        var least = graph.Constant("lengths.min", [(float)Descriptor.LeastLength]);
        return graph.Add("Concat", Features, [.. groups.Select(OfLengthOne)], OnnxGraph.Whole("axis", 1));

        string OfLengthOne(string group)
        {
            var length = graph.Add("ReduceL2", $"{group}.length", [group, axis]);                                // [N, 1]
            return graph.Add("Div", $"{group}.unit", [group, graph.Add("Max", $"{group}.length.safe", [length, least])]);
        }
    }
}
