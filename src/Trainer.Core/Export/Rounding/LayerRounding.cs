using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Trainer.Core.Export.Rounding;

/// <summary>Rounds a linear layer so as to preserve its output rather than each weight.</summary>
/// <remarks>
/// Fits the layer's true output by least squares. Then the columns are rounded one by one, and the columns not yet rounded compensate each
/// error: Frantar et al. 2023, GPTQ, <see href="https://arxiv.org/abs/2210.17323"/>. The bias compensates the remaining mean error.
/// </remarks>
/// <param name="exact">The layer's inputs in the true network, [samples, inputs].</param>
/// <param name="rounded">The layer's inputs after layers that are already rounded, [samples, inputs].</param>
/// <param name="weights">[outputs, inputs], row-major.</param>
/// <param name="bias">[outputs].</param>
internal sealed class LayerRounding(Tensor exact, Tensor rounded, float[] weights, float[] bias)
{
    private const double Damping = 0.01; // share of the inputs' mean square, GPTQ's value
    private const double Least = 1e-9;

    private readonly int inputs = weights.Length / bias.Length;

    /// <summary>Rounds to 8 bits with a scale for each output.</summary>
    public (Int8Weights Weights, float[] Bias) ToBytes()
    {
        var scales = new float[bias.Length];
        var (values, corrected) = Round((row, output) =>
        {
            var scale = scales[output] =
                Math.Max((float)(Half)(Math.Abs(TensorPrimitives.MaxMagnitude(row)) / Int8Weights.Largest), (float)Half.Epsilon);
            return value => Steps(value, scale) * (double)scale;
        });
        return (new Int8Weights([.. values.Select((value, i) => Steps(value, scales[i / inputs]))], scales), corrected);
    }

    /// <summary>Rounds to float16.</summary>
    public (float[] Weights, float[] Bias) ToHalves()
    {
        var (values, corrected) = Round((_, _) => value => (double)(Half)value);
        return ([.. values.Select(value => (float)value)], corrected);
    }

    private static sbyte Steps(double value, float scale) =>
        (sbyte)Math.Clamp(Math.Round(value / scale), -Int8Weights.Largest, Int8Weights.Largest);

    /// <param name="row">Gives the rounding function for an output and its best-fitting weights.</param>
    private (double[] Weights, float[] Bias) Round(RowRounding row)
    {
        using var scope = NewDisposeScope();
        var original = tensor(weights, [bias.Length, inputs]).to(ScalarType.Float64);
        var (exactMean, exactRest) = Centred(exact);
        var (roundedMean, roundedRest) = Centred(rounded);
        var spread = roundedRest.t().mm(roundedRest);                                                                  // [inputs, inputs]
        var damping = eye(inputs, dtype: ScalarType.Float64) * ((spread.diagonal().mean() * tensor(Damping)) + tensor(Least));
        var inverse = linalg.inv(spread + damping);
        var target = original.mm(exactRest.t().mm(roundedRest) + damping).mm(inverse);                                 // [outputs, inputs]
        var values = target.data<double>().ToArray();
        Round(values, linalg.cholesky(inverse).t().contiguous().data<double>().ToArray(), row);
        var corrected = tensor(bias).to(ScalarType.Float64) + original.mv(exactMean) - tensor(values, [bias.Length, inputs])
            .mv(roundedMean);
        return (values, corrected.to(ScalarType.Float32).data<float>().ToArray());
    }

    /// <summary>How the weights of an output are rounded.</summary>
    private delegate Func<double, double> RowRounding(ReadOnlySpan<double> row, int output);

    private static (Tensor Mean, Tensor Others) Centred(Tensor samples)
    {
        var wide = samples.to(ScalarType.Float64);
        var mean = wide.mean([0]);
        return (mean, wide - mean);
    }

    /// <param name="values">[outputs, inputs]; rounded in place.</param>
    /// <param name="upper">The upper Cholesky factor of the inverse spread, [inputs, inputs].</param>
    private void Round(double[] values, double[] upper, RowRounding rounding)
    {
        for (var output = 0; output < bias.Length; output++)
        {
            var row = values.AsSpan(output * inputs, inputs);
            var nearest = rounding(row, output);
            for (var i = 0; i < inputs; i++)
            {
                var value = nearest(row[i]);
                var error = (row[i] - value) / upper[(i * inputs) + i];
                var rest = row[(i + 1)..];
                TensorPrimitives.MultiplyAdd(upper.AsSpan((i * inputs) + i + 1, rest.Length), -error, rest, rest);
                row[i] = value;
            }
        }
    }
}
