using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.CoreMl.Layers;

/// <summary>A layer of a NeuralNetwork, by Core ML's public description.</summary>
/// <param name="Compute">Computes the output from the inputs, and rounds intermediate results with the given function.</param>
/// <param name="Weights">The layer's weights, which it owns.</param>
internal sealed record NetworkLayer(
    string Name, string[] Inputs, Func<Tensor[], Func<Tensor, Tensor>, Tensor> Compute, Tensor[] Weights, bool IsFull)
{
    /// <summary>The fields of a WeightParams message.</summary>
    public static readonly int[] WeightFields = [1, 2, 30, 40];

    public static NetworkLayer Read(ReadOnlyMemory<byte> bytes)
    {
        var message = new WireMessage(bytes, "a layer", [1, 2, 3, .. NetworkRule.All.Keys]);
        var (name, inputs) = (message.Text(1), message.Texts(2));
        var kinds = NetworkRule.All.Keys.Where(message.Has).ToArray();
        if (kinds is not [var kind] || !NetworkRule.All[kind].Takes(inputs.Length) || !message.Texts(3).SequenceEqual([name]))
        {
            throw new BrokenModelException(
                $"the layer '{name}' is of {kinds.Length} kinds, with {inputs.Length} inputs and outputs "
                + $"[{string.Join(", ", message.Texts(3))}]");
        }

        var rule = NetworkRule.All[kind];
        return rule.Read(new NetworkLayer(name, inputs, (given, _) => given[0], [], IsFull: true),
            message.Message(kind, $"the layer '{name}'", rule.Fields));
    }
}
