using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.CoreMl.Layers;

/// <summary>A kind of layer of a NeuralNetwork, by Core ML's public description.</summary>
/// <param name="Fields">Known fields of the message with its parameters.</param>
/// <param name="Read">Completes a layer, which has its name and inputs, from its parameters.</param>
internal sealed record NetworkRule(int[] Fields, Func<NetworkLayer, WireMessage, NetworkLayer> Read)
{
    /// <summary>The kinds of layers in a gate, by the field that identifies them.</summary>
    public static readonly IReadOnlyDictionary<int, NetworkRule> All = new Dictionary<int, NetworkRule>
    {
        [100] = new([1, 2, 10, 20, 30, 40, 50, 70, 90, 91], WeightedLayers.Convolution),
        [140] = new([1, 2, 10, 20, 21], WeightedLayers.InnerProduct),
        [120] = new([1, 30, 60], (layer, pooling) => layer with { Compute = NetworkArithmetic.Pool(pooling, layer.Name) }),
        [170] = new([1], (layer, norm) => NetworkArithmetic.Unit(layer, tensor(norm.Float(1)))),
        [220] = new([1, 2, 3, 4, 5], NetworkArithmetic.Unary),
        [230] = new([], (layer, _) => layer with { Compute = (given, _) => given[0] + given[1] }) { Inputs = 2 },
        [231] = new([1], (layer, factor) => With(layer, tensor(factor.Float(1)), (value, alpha) => value * alpha)),
        [660] = new([1, 2], (layer, range) =>
            layer with { Compute = (given, _) => Arithmetic.Clip(given[0], range.Float(1), range.Float(2)) }),
        [832] = new([2], (layer, least) => With(layer, tensor(least.Float(2)), (value, alpha) => value.ge(alpha).to(ScalarType.Float32))),
        [900] = new([], (layer, _) => layer with { Compute = (given, _) => given[0] * given[1] }) { Inputs = 2 },
        [905] = new([], (layer, _) => layer with { Compute = (given, _) => given[0] - given[1] }) { Inputs = 2 },
        [930] = new([1], (layer, gather) =>
            layer with { Compute = (given, _) => NetworkArithmetic.Gather(given[0], given[1], gather.Number(1), layer.Name) })
        { Inputs = 2 },
        [980] = new([1], (layer, concat) => layer with { Compute = (given, _) => cat(given, concat.Number(1)) })
        { Inputs = 2, TakesMore = true },
        [1045] = new([1, 2], (layer, product) => layer with { Compute = NetworkArithmetic.Product(product, layer.Name) }) { Inputs = 2 },
        [1070] = new([1, 2], NetworkArithmetic.Constant) { Inputs = 0 },
        [1140] = new([1], (layer, reshape) => layer with { Compute = (given, _) => given[0].reshape(reshape.Numbers(1)) }),
        [1280] = new([1, 2, 3], (layer, mean) => layer with { Compute = NetworkArithmetic.Mean(mean, layer.Name) }),
    };

    /// <summary>Number of inputs of the layer.</summary>
    public int Inputs { get; init; } = 1;

    /// <summary>True if the layer may have more inputs.</summary>
    public bool TakesMore { get; init; }

    public bool Takes(int inputs) => inputs == Inputs || (TakesMore && inputs > Inputs);

    private static NetworkLayer With(NetworkLayer layer, Tensor constant, Func<Tensor, Tensor, Tensor> compute) =>
        layer with { Compute = (given, _) => compute(given[0], constant), Weights = [constant] };
}
