using Trainer.Core.Export.CoreMl.Schema;
using Trainer.Core.Networks;

namespace Trainer.Core.Export.CoreMl;

/// <summary>Adds the operations of a <see cref="Descriptor"/> to an ML Program, all in float32.</summary>
/// <remarks>
/// In float16 the 1e-6 under the root of a variance has only four bits, and a mean's last digit is as large as the small deviations
/// that tell a subject from its look-alikes. Using float32 here costs little, because 99 % of the work is in the convolutions.
/// </remarks>
internal sealed class MilDescriptor(MilBlock block)
{
    private readonly List<string> depths = [];
    private readonly List<string> covariances = [];

    /// <summary>Adds the groups of statistics of a depth.</summary>
    /// <param name="map">float32 [1, C, edge, edge].</param>
    public void Add(Depth depth, string map, int edge)
    {
        var name = $"depth_{depth.Block}";
        var mapType = Floats(1, depth.Channels, edge, edge);
        var channelType = Floats(1, depth.Channels, 1, 1);
        var means = MeanOverPlaces($"{name}_means", map, channelType);
        var rest = block.Add("sub", $"{name}_rest", mapType, ("x", map), ("y", means));
        var variances = MeanOverPlaces($"{name}_variances", block.Add("square", $"{name}_squares", mapType, ("x", rest)), channelType);
        var safe = block.Add(
            "add", $"{name}_safe_variances", channelType, ("x", variances), ("y", Small("variance_epsilon", Descriptor.VarianceEpsilon)));
        var deviations = block.Add("sqrt", $"{name}_deviations", channelType, ("x", safe));
        var moments = Concatenated($"{name}_moments", Floats(1, 2 * depth.Channels, 1, 1), means, deviations);
        depths.Add(Group(name, Reshaped($"{name}_statistics", moments, 1, 2 * depth.Channels), 2 * depth.Channels));
        if (depth.HasCovariances)
        {
            covariances.Add(Group($"{name}_covariances", Covariances(name, depth, rest, edge * edge), depth.Pairs));
        }
    }

    /// <summary>Concatenates all groups in their order.</summary>
    /// <returns>float32 [1, 1888].</returns>
    public string Concatenated() => Concatenated("descriptor", Floats(1, Descriptor.Size), [.. depths, .. covariances]);

    /// <summary>Computes the products of all pairs of channels, and takes those above the diagonal, row by row.</summary>
    /// <param name="rest">The map minus its means.</param>
    private string Covariances(string name, Depth depth, string rest, int places)
    {
        var channels = depth.Channels;
        var rows = Reshaped($"{name}_rows", rest, 1, channels, places);
        var products = block.Add(
            "matmul", $"{name}_products", Floats(1, channels, channels), ("x", rows), ("y", rows),
            ("transpose_x", block.Constant("no", MilValue.Truth(false))), ("transpose_y", block.Constant("yes", MilValue.Truth(true))));
        var means = block.Add(
            "mul", $"{name}_mean_products", Floats(1, channels, channels), ("x", products), ("y", Small($"one_of_{places}", 1.0 / places)));
        int[] pairs = [.. Enumerable.Range(0, channels)
            .SelectMany(i => Enumerable.Range(i + 1, channels - i - 1).Select(j => (i * channels) + j))];
        return block.Add(
            "gather", $"{name}_pairs", Floats(1, depth.Pairs), ("x", Reshaped($"{name}_all_products", means, 1, channels * channels)),
            ("indices", block.Constant($"{name}_pair_indices", MilValue.Wholes(pairs))),
            ("axis", block.Constant("axis_1", MilValue.Whole(1))));
    }

    /// <summary>Takes the signed roots of statistics, and scales them together to length 1.</summary>
    /// <param name="statistics">[1, count].</param>
    private string Group(string name, string statistics, int count)
    {
        var type = Floats(1, count);
        var safe = block.Add(
            "add", $"{name}_safe_sizes", type, ("x", block.Add("abs", $"{name}_sizes", type, ("x", statistics))),
            ("y", Small("root_epsilon", Descriptor.RootEpsilon)));
        var roots = block.Add(
            "real_div", $"{name}_roots", type, ("x", statistics), ("y", block.Add("sqrt", $"{name}_root_sizes", type, ("x", safe))));
        var length = block.Add(
            "reduce_l2_norm", $"{name}_length", Floats(1, 1), ("x", roots), ("axes", block.Constant("axes_1", MilValue.Wholes(1))),
            ("keep_dims", block.Constant("yes", MilValue.Truth(true))));
        var divisor = block.Add(
            "maximum", $"{name}_divisor", Floats(1, 1), ("x", length), ("y", Small("least_length", Descriptor.LeastLength)));
        return block.Add("real_div", $"{name}_group", type, ("x", roots), ("y", divisor));
    }

    private string MeanOverPlaces(string name, string map, Schema.ValueType type) => block.Add(
        "reduce_mean", name, type, ("x", map), ("axes", block.Constant("axes_2_3", MilValue.Wholes(2, 3))),
        ("keep_dims", block.Constant("yes", MilValue.Truth(true))));

    private string Reshaped(string name, string value, params int[] shape) => block.Add(
        "reshape", name, Floats([.. shape]), ("x", value),
        ("shape", block.Constant($"shape_{string.Join('_', shape)}", MilValue.Wholes(shape))));

    /// <summary>Concatenates values along the channels.</summary>
    private string Concatenated(string name, Schema.ValueType type, params string[] values) => block.Add(
        "concat", name, type,
        [.. values.Select(value => ("values", value)), ("axis", block.Constant("axis_1", MilValue.Whole(1))),
            ("interleave", block.Constant("no", MilValue.Truth(false)))]);

    private string Small(string name, double number) => block.Constant(name, MilValue.Float((float)number));

    private static Schema.ValueType Floats(params long[] shape) => MilType.Of(DataType.Float32, shape);
}
