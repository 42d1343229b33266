using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>Batch norm over the channels of [N, C, H, W], with torch's names, start values, momentum 0.1 and ε 1e-5.</summary>
/// <remarks>
/// Ioffe and Szegedy 2015, <see href="https://arxiv.org/abs/1502.03167"/>. It replaces TorchSharp 0.107's own layer, which passes libtorch
/// a Scalar that may be freed while libtorch reads it: docs/decisions/0006.
/// </remarks>
internal sealed class BatchNormLayer : nn.Module<Tensor, Tensor>
{
    internal const double Momentum = 0.1;
    internal const double Epsilon = 1e-5;

    private static readonly Scalar One = 1; // held in a field: docs/decisions/0006
    private static readonly Scalar HeldEpsilon = Epsilon;

#pragma warning disable CS0649, IDE0044 // TorchSharp's field names are the checkpoint's keys.
    private Parameter weight; // [C]
    private Parameter bias; // [C]
#pragma warning restore CS0649, IDE0044

    internal BatchNormLayer(int channels)
        : base(nameof(BatchNormLayer))
    {
        weight = nn.Parameter(ones(channels));
        bias = nn.Parameter(zeros(channels));
        RegisterComponents();
        register_buffer("running_mean", zeros(channels));
        register_buffer("running_var", ones(channels));
        register_buffer("num_batches_tracked", zeros(1, ScalarType.Int64).squeeze(0));
    }

    /// <summary>γ, [C].</summary>
    public Parameter Weight => weight;

    /// <summary>β, [C].</summary>
    public Parameter Bias => bias;

    /// <summary>Running mean, [C].</summary>
    public Tensor RunningMean => Buffer("running_mean");

    /// <summary>Running variance, [C].</summary>
    public Tensor RunningVariance => Buffer("running_var");

    /// <summary>Batches that the running statistics followed, an int64.</summary>
    internal Tensor BatchesSeen => Buffer("num_batches_tracked");

    /// <summary>1 / √(running variance + ε), [C].</summary>
    internal Tensor InverseDeviation() => RunningVariance.add(HeldEpsilon, One).rsqrt();

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (training)
        {
            using var _ = no_grad();
            Buffer("num_batches_tracked").add_(One, One);
        }

        return nn.functional.batch_norm(input, RunningMean, RunningVariance, weight, bias, training, Momentum, Epsilon);
    }

    /// <summary>Moves the running statistics towards those of a batch, as <see cref="forward"/> does in training.</summary>
    /// <param name="variance">The batch's variances, with the count as the divisor.</param>
    /// <param name="count">How many values each mean and variance was computed from.</param>
    internal void Follow(ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, int count)
    {
        Follow(RunningMean, mean, 1);
        Follow(RunningVariance, variance, count / Math.Max(count - 1.0, 1));
        MemoryMarshal.Cast<byte, long>(Buffer("num_batches_tracked").bytes)[0]++;

        static void Follow(Tensor running, ReadOnlySpan<float> values, double factor)
        {
            var numbers = MemoryMarshal.Cast<byte, float>(running.bytes);
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = (float)(((1 - Momentum) * numbers[i]) + (Momentum * factor * values[i]));
            }
        }
    }

    private Tensor Buffer(string name) => get_buffer(name)!; // registered above
}
