using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.CoreMl.Layers;

/// <summary>The arithmetic of the smaller layers of a NeuralNetwork.</summary>
internal static class NetworkArithmetic
{
    private const long Sqrt = 0, Rsqrt = 1, Abs = 6;

    /// <summary>A unary function, applied to scale · x + shift for each number x.</summary>
    public static NetworkLayer Unary(NetworkLayer layer, WireMessage parameters)
    {
        var (scale, shift, epsilon) = (tensor(parameters.Float(5)), tensor(parameters.Float(4)), tensor(parameters.Float(3)));
        Func<Tensor[], Func<Tensor, Tensor>, Tensor> compute = parameters.Number(1) switch
        {
            Sqrt => (given, round) => round((given[0] * scale) + shift).sqrt(),
            Rsqrt => (given, round) => round((given[0] * scale) + shift + epsilon).rsqrt(),
            Abs => (given, round) => round((given[0] * scale) + shift).abs(),
            var other => throw new BrokenModelException(
                $"the layer '{layer.Name}' is the function {other} of each number, which no gate has"),
        };
        return layer with { Compute = compute, Weights = [scale, shift, epsilon] };
    }

    /// <summary>Scales to length 1 over all but the first axis.</summary>
    public static NetworkLayer Unit(NetworkLayer layer, Tensor epsilon) => layer with
    {
        Compute = (given, round) => given[0] / round(round(given[0].square()).sum([-3, -2, -1], keepdim: true) + epsilon).sqrt(),
        Weights = [epsilon],
    };

    /// <summary>A constant without inputs.</summary>
    public static NetworkLayer Constant(NetworkLayer layer, WireMessage parameters)
    {
        var values = NetworkWeights.Read(
            parameters.Message(2, $"the numbers of '{layer.Name}'", NetworkLayer.WeightFields), $"'{layer.Name}'", parameters.Numbers(1))
            .Values;
        return layer with { Compute = (_, _) => values, Weights = [values] };
    }

    /// <summary>The mean over a whole map as a pooling layer, the older form.</summary>
    public static Func<Tensor[], Func<Tensor, Tensor>, Tensor> Pool(WireMessage pooling, string name) =>
        pooling.Number(1) == 1 && pooling.Number(60) == 1 && pooling.Has(30)
        ? (given, _) => given[0].mean([-2, -1], keepdim: true)
        : throw new BrokenModelException($"the layer '{name}' is no mean over all places");

    /// <summary>The mean over a whole map.</summary>
    public static Func<Tensor[], Func<Tensor, Tensor>, Tensor> Mean(WireMessage mean, string name) =>
        mean.Numbers(1).SequenceEqual([-2, -1]) && mean.Number(2) == 1 && mean.Number(3) == 0
        ? (given, _) => given[0].mean([-2, -1], keepdim: true)
        : throw new BrokenModelException($"the layer '{name}' is no mean over all places");

    /// <summary>Matrices multiplied by transposed matrices.</summary>
    public static Func<Tensor[], Func<Tensor, Tensor>, Tensor> Product(WireMessage product, string name) =>
        product.Number(1) == 0 && product.Number(2) == 1
        ? (given, _) => given[0].matmul(given[1].transpose(-1, -2))
        : throw new BrokenModelException($"the layer '{name}' is no product with the second input transposed");

    /// <summary>The values at the given indices of an axis.</summary>
    /// <param name="indices">Integers, [n].</param>
    public static Tensor Gather(Tensor values, Tensor indices, long axis, string name)
    {
        var places = indices.to(ScalarType.Int64);
        return axis >= 0 && axis < values.dim() && indices.dim() == 1
            && places.data<long>().All(place => place >= 0 && place < values.shape[axis])
            ? values.index_select(axis, places)
            : throw new BrokenModelException($"the layer '{name}' gathers what isn't there");
    }
}
