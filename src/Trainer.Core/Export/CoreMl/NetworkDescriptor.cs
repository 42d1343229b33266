using Trainer.Core.Export.CoreMl.Schema;
using Trainer.Core.Networks;
using Function = Trainer.Core.Export.CoreMl.Schema.UnaryFunctionLayerParams.Types.Operation;

namespace Trainer.Core.Export.CoreMl;

/// <summary>Adds the layers of a <see cref="Descriptor"/> to a NeuralNetwork. All values have rank 4.</summary>
/// <remarks>The device may compute in float16, so products are scaled before they are summed, and no picture can overflow.</remarks>
/// <param name="add">Adds a layer, given its output's name, the layer and its inputs; returns the output's name.</param>
internal sealed class NetworkDescriptor(Func<string, NeuralNetworkLayer, string[], string> add)
{
    private const float SmallestSquare = 1e-6f; // takes the place of a least length, because a group's squares add up to more than 0.1

    private readonly List<string> depths = [];
    private readonly List<string> covariances = [];

    /// <summary>Adds the groups of statistics of a depth.</summary>
    /// <param name="map">[1, C, edge, edge].</param>
    public void Add(Depth depth, string map, int edge)
    {
        var name = $"depth_{depth.Block}";
        var means = MeanOverPlaces($"{name}_means", map);
        var rest = add($"{name}_rest", new NeuralNetworkLayer { SubtractBroadcastable = new SubtractBroadcastableLayerParams() },
            [map, means]);
        var variances = MeanOverPlaces($"{name}_variances", Product($"{name}_squares", rest, rest));
        var deviations = Unary($"{name}_deviations", Function.Sqrt, variances, shift: Descriptor.VarianceEpsilon);
        depths.Add(Group(name, Concatenated($"{name}_statistics", means, deviations)));
        if (depth.HasCovariances)
        {
            covariances.Add(Group($"{name}_covariances", Covariances(name, depth, rest, edge * edge)));
        }
    }

    /// <summary>Concatenates all groups in their order.</summary>
    /// <returns>[1, 1888, 1, 1].</returns>
    public string Concatenated() => Concatenated("descriptor", [.. depths, .. covariances]);

    /// <summary>Computes the products of all pairs of channels, and takes those above the diagonal, row by row.</summary>
    /// <param name="rest">The map minus its means.</param>
    private string Covariances(string name, Depth depth, string rest, int places)
    {
        var channels = depth.Channels;
        var share = add($"{name}_shares",
            new NeuralNetworkLayer { Multiply = new MultiplyLayerParams { Alpha = (float)(1 / Math.Sqrt(places)) } }, [rest]);
        var rows = Reshaped($"{name}_rows", share, 1, channels, places);
        var products = add(
            $"{name}_products", new NeuralNetworkLayer { BatchedMatmul = new BatchedMatMulLayerParams { TransposeB = true } },
            [rows, rows]);
        float[] pairs = [.. Enumerable.Range(0, channels)
            .SelectMany(i => Enumerable.Range(i + 1, channels - i - 1).Select(j => (float)((i * channels) + j)))];
        var indices = add(
            $"{name}_pair_indices",
            new NeuralNetworkLayer
            {
                LoadConstantND =
                new LoadConstantNDLayerParams { Shape = { (ulong)pairs.Length }, Data = new WeightParams { FloatValue = { pairs } } }
            },
            []);
        var all = Reshaped($"{name}_all_products", products, 1, channels * channels, 1, 1);
        return add($"{name}_pairs", new NeuralNetworkLayer { Gather = new GatherLayerParams { Axis = 1 } }, [all, indices]);
    }

    /// <summary>Takes the signed roots of statistics, and scales them together to length 1.</summary>
    private string Group(string name, string statistics)
    {
        var sizes = Unary($"{name}_sizes", Function.Abs, statistics);
        var roots = Product($"{name}_roots", statistics, Unary($"{name}_factors", Function.Rsqrt, sizes, epsilon: Descriptor.RootEpsilon));
        return add($"{name}_group", new NeuralNetworkLayer { L2Normalize = new L2NormalizeLayerParams { Epsilon = SmallestSquare } },
            [roots]);
    }

    private string MeanOverPlaces(string name, string map) =>
        add(name, new NeuralNetworkLayer { ReduceMean = new ReduceMeanLayerParams { Axes = { -2, -1 }, KeepDims = true } }, [map]);

    private string Product(string name, string one, string other) =>
        add(name, new NeuralNetworkLayer { MultiplyBroadcastable = new MultiplyBroadcastableLayerParams() }, [one, other]);

    private string Unary(string name, Function function, string value, double shift = 0, double epsilon = 0) => add(
        name, new NeuralNetworkLayer
        {
            Unary =
            new UnaryFunctionLayerParams { Type = function, Scale = 1, Shift = (float)shift, Epsilon = (float)epsilon }
        }, [value]);

    private string Reshaped(string name, string value, params long[] shape) =>
        add(name, new NeuralNetworkLayer { ReshapeStatic = new ReshapeStaticLayerParams { TargetShape = { shape } } }, [value]);

    /// <summary>Concatenates values along the channels.</summary>
    private string Concatenated(string name, params string[] values) =>
        add(name, new NeuralNetworkLayer { ConcatND = new ConcatNDLayerParams { Axis = 1 } }, values);
}
