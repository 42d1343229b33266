using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.CoreMl.Layers;

/// <summary>The layers of a NeuralNetwork that have weights.</summary>
internal static class WeightedLayers
{
    public static NetworkLayer Convolution(NetworkLayer layer, WireMessage parameters)
    {
        var name = layer.Name;
        var (outputs, kernel, strides, dilations) =
            (parameters.Number(1), parameters.Numbers(20), parameters.Numbers(30), parameters.Numbers(40));
        var borders = parameters.Message(50, $"the padding of '{name}'", 1).Message(1, $"the padding of '{name}'", 10)
            .Messages(10, $"the padding of '{name}'", 1, 2).Select(edge => (Start: edge.Number(1), End: edge.Number(2))).ToArray();
        if (kernel.Length != 2 || strides.Length != 2 || dilations.Length != 2 || borders.Length != 2
            || borders.Any(edge => edge.Start != edge.End) || parameters.Number(70) != 1)
        {
            throw new BrokenModelException(
                $"the convolution '{name}' isn't of two dimensions, padded alike on opposite sides, with a bias");
        }

        var weights = NetworkWeights.Read(
            parameters.Message(90, $"the weights of '{name}'", NetworkLayer.WeightFields), $"'{name}'", outputs, parameters.Number(2),
            kernel[0], kernel[1]);
        var bias = NetworkWeights.Read(
            parameters.Message(91, $"the bias of '{name}'", NetworkLayer.WeightFields), $"the bias of '{name}'", outputs);
        RequireAlike(name, parameters.Message(90, name, NetworkLayer.WeightFields), weights.AreFull, bias.AreFull);
        long[] padding = [borders[0].Start, borders[1].Start];
        var groups = parameters.Number(10);
        return layer with
        {
            Compute = (given, _) =>
            nn.functional.conv2d(given[0], weights.Values, bias.Values, strides, padding, dilations, groups),
            Weights = [weights.Values, bias.Values],
            IsFull = weights.AreFull
        };
    }

    public static NetworkLayer InnerProduct(NetworkLayer layer, WireMessage parameters)
    {
        var name = layer.Name;
        var (width, outputs) = (parameters.Number(1), parameters.Number(2));
        var weights = NetworkWeights.Read(
            parameters.Message(20, $"the weights of '{name}'", NetworkLayer.WeightFields), $"'{name}'", outputs, width);
        if (parameters.Number(10) == 0)
        {
            return layer with
            {
                Compute = (given, _) =>
                Flat(given[0], weights.Values, null),
                Weights = [weights.Values],
                IsFull = weights.AreFull
            };
        }

        var bias = NetworkWeights.Read(
            parameters.Message(21, $"the bias of '{name}'", NetworkLayer.WeightFields), $"the bias of '{name}'", outputs);
        RequireAlike(name, parameters.Message(20, name, NetworkLayer.WeightFields), weights.AreFull, bias.AreFull);
        return layer with
        {
            Compute = (given, _) =>
            Flat(given[0], weights.Values, bias.Values),
            Weights = [weights.Values, bias.Values],
            IsFull = weights.AreFull
        };
    }

    /// <summary>A linear layer on rank 4: [1, C, H, W] → [1, outputs, 1, 1].</summary>
    private static Tensor Flat(Tensor input, Tensor weights, Tensor? bias) =>
        nn.functional.linear(input.flatten(1), weights, bias).unsqueeze(-1).unsqueeze(-1);

    /// <summary>Checks that weights and bias have the same type, because Core ML refuses a mix of float32 and float16.</summary>
    private static void RequireAlike(string name, WireMessage weights, bool weightsAreFull, bool biasIsFull)
    {
        if (!weights.Has(30) && weightsAreFull != biasIsFull)
        {
            throw new BrokenModelException($"the layer '{name}' mixes float32 and float16");
        }
    }
}
