using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.CoreMl.Layers;

/// <summary>Checks a NeuralNetwork and runs it layer by layer.</summary>
/// <remarks>
/// If the weights aren't float32, every layer's result is rounded to float16, including a sum of squares, as on the Neural Engine. A CPU
/// keeps more precision.
/// </remarks>
internal sealed class NetworkGraph : IGraph
{
    private readonly NetworkLayer[] layers;
    private readonly Tensor scale;
    private readonly Tensor shift;
    private readonly bool isHalf;

    /// <param name="network">The NeuralNetwork message.</param>
    /// <exception cref="BrokenModelException">The message is incomplete, or isn't a network that Core ML accepts.</exception>
    public NetworkGraph(WireMessage network)
    {
        if (network.Number(5) != 1 || network.Number(6) != 1)
        {
            throw new BrokenModelException(
                $"its shapes are mapped by {network.Number(5)} and {network.Number(6)}, expected 1 and 1: exact, and pictures as [1, 3, H, "
                + "W]");
        }

        var preprocessing = network.Message(2, "the preprocessing", 1, 10);
        var scaler = preprocessing.Message(10, "the scaler", 10, 20, 21, 22);
        if (preprocessing.Text(1) != ModelInterface.Input)
        {
            throw new BrokenModelException($"its preprocessing is of '{preprocessing.Text(1)}', expected '{ModelInterface.Input}'");
        }

        scale = tensor(scaler.Float(10));
        shift = tensor(new[] { scaler.Float(22), scaler.Float(21), scaler.Float(20) }, [1, 3, 1, 1]); // red, green, blue
        layers = [.. network.AllBytes(1).Select(NetworkLayer.Read)];
        isHalf = layers.Any(layer => !layer.IsFull);
    }

    /// <inheritdoc/>
    public GraphOutputs Run(Tensor pixels)
    {
        var values = new Dictionary<string, Tensor> { [ModelInterface.Input] = Rounded((pixels * scale) + shift) };
        foreach (var layer in layers)
        {
            var given = layer.Inputs.Select(input => values.TryGetValue(input, out var value)
                ? value
                : throw new BrokenModelException($"the layer '{layer.Name}' takes '{input}', which no layer before it makes")).ToArray();
            if (!values.TryAdd(layer.Name, Rounded(layer.Compute(given, Rounded))))
            {
                throw new BrokenModelException($"two layers make '{layer.Name}'");
            }
        }

        return new GraphOutputs(Output(ModelInterface.Embedding), Output(ModelInterface.Similarity), Output(ModelInterface.Accepted));

        Tensor Output(string name) =>
            values.TryGetValue(name, out var value) ? value : throw new BrokenModelException($"no layer makes '{name}'");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        scale.Dispose();
        shift.Dispose();
        foreach (var weights in layers.SelectMany(layer => layer.Weights))
        {
            weights.Dispose();
        }
    }

    private Tensor Rounded(Tensor values) => isHalf ? Arithmetic.ToHalfAndBack(values) : values;
}
