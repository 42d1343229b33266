using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Trainer.Core.Export.Rounding;

/// <summary>Rounds a linear layer so that its output stays, not each weight.</summary>
/// <remarks>
/// Least squares to the layer's true output, then one column after the other is rounded, and the columns not yet rounded take up its
/// error: Frantar et al. 2023, GPTQ, <see href="https://arxiv.org/abs/2210.17323"/>. The bias takes up what is left of the mean.
/// </remarks>
internal static class Int8Layer
{
    private const double Damping = 0.01; // of the mean square of the inputs; GPTQ's
    private const double Least = 1e-9;

    /// <param name="exact">What the layer is given in the true network, [samples, inputs].</param>
    /// <param name="rounded">What it is given behind layers that are rounded already, [samples, inputs].</param>
    /// <param name="weights">[outputs, inputs], row-major.</param>
    /// <param name="bias">[outputs].</param>
    public static (Int8Weights Weights, float[] Bias) Round(Tensor exact, Tensor rounded, float[] weights, float[] bias)
    {
        using var scope = NewDisposeScope();
        long outputs = bias.Length, inputs = weights.Length / outputs;
        var original = tensor(weights, [outputs, inputs]).to(ScalarType.Float64);
        var (exactMean, exactRest) = Centred(exact);
        var (roundedMean, roundedRest) = Centred(rounded);
        var spread = roundedRest.t().mm(roundedRest);                                                                  // [inputs, inputs]
        var damping = eye(inputs, dtype: ScalarType.Float64) * ((spread.diagonal().mean() * tensor(Damping)) + tensor(Least));
        var inverse = linalg.inv(spread + damping);
        var target = original.mm(exactRest.t().mm(roundedRest) + damping).mm(inverse);                                 // [outputs, inputs]
        var quantised = Round(target.data<double>().ToArray(), linalg.cholesky(inverse).t().contiguous().data<double>().ToArray(), (int)outputs);
        var used = tensor(quantised.Widened(), [outputs, inputs]).to(ScalarType.Float64);
        var corrected = tensor(bias).to(ScalarType.Float64) + original.mv(exactMean) - used.mv(roundedMean);
        return (quantised, corrected.to(ScalarType.Float32).data<float>().ToArray());
    }

    private static (Tensor Mean, Tensor Others) Centred(Tensor samples)
    {
        var wide = samples.to(ScalarType.Float64);
        var mean = wide.mean([0]);
        return (mean, wide - mean);
    }

    /// <param name="target">[outputs, inputs]; used up.</param>
    /// <param name="upper">The upper Cholesky factor of the inverse spread, [inputs, inputs].</param>
    private static Int8Weights Round(double[] target, double[] upper, int outputs)
    {
        var inputs = target.Length / outputs;
        var values = new sbyte[target.Length];
        var scales = new float[outputs];
        for (var output = 0; output < outputs; output++)
        {
            var row = target.AsSpan(output * inputs, inputs);
            var scale = Math.Max((float)(Half)(Math.Abs(TensorPrimitives.MaxMagnitude<double>(row)) / Int8Weights.Largest), (float)Half.Epsilon);
            scales[output] = scale;
            for (var i = 0; i < inputs; i++)
            {
                var value = (sbyte)Math.Clamp(Math.Round(row[i] / scale), -Int8Weights.Largest, Int8Weights.Largest);
                var error = (row[i] - (value * (double)scale)) / upper[(i * inputs) + i];
                var rest = row[(i + 1)..];
                TensorPrimitives.MultiplyAdd(upper.AsSpan((i * inputs) + i + 1, rest.Length), -error, rest, rest);
                values[(output * inputs) + i] = value;
            }
        }

        return new Int8Weights(values, scales);
    }
}
