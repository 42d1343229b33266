using static TorchSharp.torch;

namespace Trainer.Core.Export.CoreMl.Reading;

/// <summary>A layer of a NeuralNetwork, by Core ML's public description of it.</summary>
/// <param name="Compute">From its inputs to its output; what it computes on the way is rounded by the function that it is given.</param>
/// <param name="Weights">Owned by the layer.</param>
internal sealed record NetworkLayer(string Name, string[] Inputs, Func<Tensor[], Func<Tensor, Tensor>, Tensor> Compute, Tensor[] Weights, bool IsFull)
{
    private const int Convolution = 100, Pooling = 120, InnerProduct = 140, L2Normalize = 170, Add = 230, Clip = 660, GreaterEqual = 832, ReshapeStatic = 1140;
    private static readonly int[] Kinds = [Convolution, Pooling, InnerProduct, L2Normalize, Add, Clip, GreaterEqual, ReshapeStatic];
    private static readonly int[] WeightFields = [1, 2, 30, 40];

    public static NetworkLayer Read(ReadOnlyMemory<byte> bytes)
    {
        var message = new WireMessage(bytes, "a layer", [1, 2, 3, .. Kinds]);
        var name = message.Text(1);
        var inputs = message.Texts(2);
        var kinds = Kinds.Where(message.Has).ToArray();
        if (kinds is not [var kind] || inputs.Length != (kind == Add ? 2 : 1) || !message.Texts(3).SequenceEqual([name]))
        {
            throw new BrokenModelException($"the layer '{name}' is of {kinds.Length} kinds, with {inputs.Length} inputs and outputs [{string.Join(", ", message.Texts(3))}]");
        }

        WireMessage Parameters(params int[] known) => message.Message(kind, $"the layer '{name}'", known);
        NetworkLayer Plain(Func<Tensor[], Tensor> compute) => new(name, inputs, (given, _) => compute(given), [], IsFull: true);
        switch (kind)
        {
            case Convolution:
                return ReadConvolution(name, inputs, Parameters(1, 2, 10, 20, 30, 40, 50, 70, 90, 91));
            case InnerProduct:
                return ReadInnerProduct(name, inputs, Parameters(1, 2, 10, 20, 21));
            case Pooling:
                return Parameters(1, 30, 60) is var pooling && pooling.Number(1) == 1 && pooling.Number(60) == 1 && pooling.Has(30)
                    ? Plain(given => given[0].mean([-2, -1], keepdim: true))
                    : throw new BrokenModelException($"the layer '{name}' is no mean over all places");
            case L2Normalize:
                var epsilon = tensor(Parameters(1).Float(1));
                return new NetworkLayer(name, inputs, (given, round) => Unit(given[0], epsilon, round), [epsilon], IsFull: true);
            case Add:
                return Plain(given => given[0] + given[1]);
            case Clip:
                var range = Parameters(1, 2);
                return Plain(given => Arithmetic.Clip(given[0], range.Float(1), range.Float(2)));
            case GreaterEqual:
                var alpha = tensor(Parameters(2).Float(2));
                return Plain(given => given[0].ge(alpha).to(ScalarType.Float32)) with { Weights = [alpha] };
            default:
                var shape = Parameters(1).Numbers(1);
                return Plain(given => given[0].reshape(shape));
        }
    }

    private static NetworkLayer ReadConvolution(string name, string[] inputs, WireMessage parameters)
    {
        var (outputs, kernel, strides, dilations) = (parameters.Number(1), parameters.Numbers(20), parameters.Numbers(30), parameters.Numbers(40));
        var borders = parameters.Message(50, $"the padding of '{name}'", 1).Message(1, $"the padding of '{name}'", 10)
            .Messages(10, $"the padding of '{name}'", 1, 2).Select(edge => (Start: edge.Number(1), End: edge.Number(2))).ToArray();
        if (kernel.Length != 2 || strides.Length != 2 || dilations.Length != 2 || borders.Length != 2 || borders.Any(edge => edge.Start != edge.End) || parameters.Number(70) != 1)
        {
            throw new BrokenModelException($"the convolution '{name}' isn't of two dimensions, padded alike on opposite sides, with a bias");
        }

        var weights = NetworkWeights.Read(parameters.Message(90, $"the weights of '{name}'", WeightFields), $"'{name}'", outputs, parameters.Number(2), kernel[0], kernel[1]);
        var bias = NetworkWeights.Read(parameters.Message(91, $"the bias of '{name}'", WeightFields), $"the bias of '{name}'", outputs);
        RequireAlike(name, parameters.Message(90, name, WeightFields), weights.AreFull, bias.AreFull);
        long[] padding = [borders[0].Start, borders[1].Start];
        var groups = parameters.Number(10);
        return new NetworkLayer(
            name, inputs, (given, _) => nn.functional.conv2d(given[0], weights.Values, bias.Values, strides, padding, dilations, groups), [weights.Values, bias.Values], weights.AreFull);
    }

    private static NetworkLayer ReadInnerProduct(string name, string[] inputs, WireMessage parameters)
    {
        var (width, outputs) = (parameters.Number(1), parameters.Number(2));
        var weights = NetworkWeights.Read(parameters.Message(20, $"the weights of '{name}'", WeightFields), $"'{name}'", outputs, width);
        if (parameters.Number(10) == 0)
        {
            return new NetworkLayer(name, inputs, (given, _) => Flat(given[0], weights.Values, null), [weights.Values], weights.AreFull);
        }

        var bias = NetworkWeights.Read(parameters.Message(21, $"the bias of '{name}'", WeightFields), $"the bias of '{name}'", outputs);
        RequireAlike(name, parameters.Message(20, name, WeightFields), weights.AreFull, bias.AreFull);
        return new NetworkLayer(name, inputs, (given, _) => Flat(given[0], weights.Values, bias.Values), [weights.Values, bias.Values], weights.AreFull);
    }

    /// <summary>Rank 4: [1, C, H, W] → [1, outputs, 1, 1].</summary>
    private static Tensor Flat(Tensor input, Tensor weights, Tensor? bias) =>
        nn.functional.linear(input.flatten(1), weights, bias).unsqueeze(-1).unsqueeze(-1);

    private static Tensor Unit(Tensor input, Tensor epsilon, Func<Tensor, Tensor> round) =>
        input / round(round(input.square()).sum([-3, -2, -1], keepdim: true) + epsilon).sqrt();

    /// <summary>Core ML refuses full weights with a half bias and the other way round.</summary>
    private static void RequireAlike(string name, WireMessage weights, bool weightsAreFull, bool biasIsFull)
    {
        if (!weights.Has(30) && weightsAreFull != biasIsFull)
        {
            throw new BrokenModelException($"the layer '{name}' mixes float32 and float16");
        }
    }
}
