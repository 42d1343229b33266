using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Proof.CoreMl.Layers;

/// <summary>Reads the weights of a layer.</summary>
internal static class NetworkWeights
{
    private const int Floats = 1, Halves = 2, Raw = 30, Quantization = 40;

    /// <summary>Reads weights from a WeightParams message.</summary>
    /// <param name="shape">Shape of the weights, the output channel first.</param>
    /// <returns>The weights as float32, and whether they are stored as float32.</returns>
    public static (Tensor Values, bool AreFull) Read(WireMessage weights, string name, params long[] shape)
    {
        if (new[] { Floats, Halves, Raw }.Count(weights.Has) != 1)
        {
            throw new BrokenModelException($"{name} has no numbers, or has them twice");
        }

        var values = weights.Has(Floats) ? weights.Floats(Floats) : weights.Has(Halves) ? HalvesOf(weights.Bytes(Halves), name)
            : Dequantised(weights, name, shape[0]);
        var expected = shape.Aggregate(1L, (product, length) => product * length);
        return values.Length == expected
            ? (tensor(values, shape), weights.Has(Floats))
            : throw new BrokenModelException($"{name} has {values.Length} numbers, expected {expected}");
    }

    private static float[] HalvesOf(ReadOnlyMemory<byte> bytes, string name) => bytes.Length % 2 == 0
        ? Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes.Span).ToArray(), half => (float)half)
        : throw new BrokenModelException($"{name} has {bytes.Length} bytes, which are no float16 numbers");

    /// <summary>Computes q · scale + bias for each output channel, with q from 0 to 255.</summary>
    private static float[] Dequantised(WireMessage weights, string name, long channels)
    {
        var quantization = weights.Message(Quantization, $"the quantization of {name}", 1, 101);
        var linear = quantization.Message(101, $"the scales of {name}", 1, 2);
        var (scales, biases) = (linear.Floats(1), linear.Floats(2));
        var bytes = weights.Bytes(Raw).Span;
        if (quantization.Number(1) != 8 || scales.Length != channels || biases.Length != channels || bytes.Length % channels != 0)
        {
            throw new BrokenModelException(
                $"{name} has {bytes.Length} numbers of {quantization.Number(1)} bits, {scales.Length} scales and {biases.Length} biases "
                + $"for {channels} channels");
        }

        var values = new float[bytes.Length];
        var length = values.Length / (int)channels;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (bytes[i] * scales[i / length]) + biases[i / length];
        }

        return values;
    }
}
