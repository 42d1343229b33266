using System.Numerics.Tensors;

namespace Trainer.Core.Export.Onnx.Int8;

/// <summary>Weights as signed bytes: weight = byte · scale, with one scale per output channel.</summary>
/// <remarks>
/// Only seven bits are used. Older x86 processors (AVX2 without VNNI) add two products of an unsigned and a signed byte in 16 bits, which
/// 2 · 255 · 64 just fits and 2 · 255 · 127 doesn't. With corrected biases the eighth bit makes no difference.
/// </remarks>
/// <param name="Bytes">Row-major, [outputs, …], −64 to 64.</param>
/// <param name="Scales">[outputs].</param>
internal sealed record QuantizedWeights(sbyte[] Bytes, float[] Scales)
{
    private const int Largest = 64;

    /// <summary>Rounds each channel's weights, so that the largest becomes ±64.</summary>
    /// <param name="weights">Row-major, [outputs, …].</param>
    /// <param name="outputs">At least 1; divides the number of weights.</param>
    public static QuantizedWeights Of(float[] weights, int outputs)
    {
        var size = weights.Length / outputs;
        var bytes = new sbyte[weights.Length];
        var scales = new float[outputs];
        for (var output = 0; output < outputs; output++)
        {
            var row = weights.AsSpan(output * size, size);
            var scale = Math.Max(Math.Abs(TensorPrimitives.MaxMagnitude(row)), 1e-12f) / Largest;
            scales[output] = scale;
            for (var i = 0; i < size; i++)
            {
                bytes[(output * size) + i] = (sbyte)Math.Round(row[i] / scale);
            }
        }

        return new(bytes, scales);
    }

    /// <summary>The mean error of each output from rounding: Σ (rounded − weight) · mean.</summary>
    /// <param name="weights">The weights before rounding.</param>
    /// <param name="means">Means of the input channels.</param>
    /// <param name="groups">Groups of the convolution; 1 for a linear layer.</param>
    /// <returns>[outputs].</returns>
    public double[] MeanError(float[] weights, double[] means, int groups = 1)
    {
        var size = Bytes.Length / Scales.Length;
        var inputsOfGroup = means.Length / groups;
        var outputsOfGroup = Scales.Length / groups;
        var places = size / inputsOfGroup;
        var errors = new double[Scales.Length];
        for (var i = 0; i < Bytes.Length; i++)
        {
            var (output, at) = Math.DivRem(i, size);
            var input = (output / outputsOfGroup * inputsOfGroup) + (at / places);
            errors[output] += ((Bytes[i] * (double)Scales[output]) - weights[i]) * means[input];
        }

        return errors;
    }
}
