using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Trainer.Core.Kernels.Statistics;

namespace Trainer.Core.Kernels;

/// <summary>Batch norm with the batch's own statistics, followed by ReLU6 and the shortcut; and its gradients.</summary>
/// <remarks>
/// Ioffe and Szegedy 2015, algorithm 1, <see href="https://arxiv.org/abs/1502.03167"/>. The forward pass calls <see cref="Add"/> for each
/// picture, then <see cref="Settle"/>, then <see cref="Apply"/> for each picture; the backward pass does the same with gradients. Work is
/// done picture by picture, while each is still in the processor's cache.
/// </remarks>
/// <param name="channels">C, a multiple of 8; feature maps are [rows, C].</param>
internal sealed unsafe class Normalisation(int channels)
{
    private const int Step = 8;

    private readonly Moments moments = new(channels);
    private readonly float[] shift = new float[channels];
    private readonly float[] factors = new float[channels];
    private readonly float[] constants = new float[channels];
    private readonly float[] slopes = new float[channels];
    private readonly float[] none = new float[channels];

    /// <summary>Mean of each channel over the batch.</summary>
    public float[] Mean { get; } = new float[channels];

    /// <summary>Variance of each channel over the batch, with the count as the divisor.</summary>
    public float[] Variance { get; } = new float[channels];

    /// <summary>Starts a batch.</summary>
    /// <param name="near">
    /// Values near the means, such as the running means; they are subtracted first, so that sums lose little to rounding.
    /// </param>
    public void Begin(int pictures, float* near)
    {
        new ReadOnlySpan<float>(near, channels).CopyTo(shift);
        moments.Begin(pictures);
    }

    /// <summary>Adds a picture to the statistics; several threads may call this at once.</summary>
    public void Add(int picture, float* z, int rows)
    {
        fixed (float* near = shift)
        {
            moments.Add(picture, z, near, z, near, rows);
        }
    }

    /// <summary>Computes the statistics once all pictures are added.</summary>
    public void Settle(int rows, float* weight, float* bias, double epsilon)
    {
        moments.Settle();
        for (var i = 0; i < channels; i++)
        {
            var rest = moments.First[i] / rows;
            (Mean[i], Variance[i]) = ((float)(shift[i] + rest), (float)Math.Max((moments.Second[i] / rows) - (rest * rest), 0));
            factors[i] = (float)(weight[i] / Math.Sqrt(Variance[i] + epsilon));
            constants[i] = bias[i] - (Mean[i] * factors[i]);
        }
    }

    /// <summary>Computes y = ReLU6(γ · (z − μ) / √(v + ε) + β) + plus; ReLU6 and plus are optional.</summary>
    /// <param name="y">[rows, C], written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(float* z, float* y, int rows, float* plus, bool relu6)
    {
        fixed (float* factor = factors, constant = constants)
        {
            for (nint row = 0; row < rows; row++)
            {
                var offset = row * channels;
                for (nint i = 0; i < channels; i += Step)
                {
                    var value = Vector256.FusedMultiplyAdd(
                        Vector256.Load(z + offset + i), Vector256.Load(factor + i), Vector256.Load(constant + i));
                    value = relu6 ? Vector256.MinNative(Vector256.Create(6f), Vector256.MaxNative(Vector256<float>.Zero, value)) : value;
                    (plus is null ? value : value + Vector256.Load(plus + offset + i)).Store(y + offset + i);
                }
            }
        }
    }

    /// <summary>Adds a picture's gradients, which are those before the ReLU6; several threads may call this at once.</summary>
    /// <param name="z">The same as for <see cref="Add"/>.</param>
    public void AddGradients(int picture, float* gradients, float* z, int rows)
    {
        fixed (float* mean = Mean, zero = none)
        {
            moments.Add(picture, gradients, zero, z, mean, rows);
        }
    }

    /// <summary>Computes the gradients of γ and β once all pictures are added.</summary>
    /// <param name="ofWeight">Gradients of γ, added to.</param>
    /// <param name="ofBias">Gradients of β, added to.</param>
    public void SettleGradients(int rows, float* weight, double epsilon, float* ofWeight, float* ofBias)
    {
        moments.Settle();
        for (var i = 0; i < channels; i++)
        {
            var deviation = Math.Sqrt(Variance[i] + epsilon);
            var product = moments.Second[i] / deviation; // Σ dy · x̂
            ofWeight[i] += (float)product;
            ofBias[i] += (float)moments.First[i];
            var factor = weight[i] / deviation;
            var slope = factor * product / rows / deviation; // of z in dz = factor · dy − slope · z − constant
            (factors[i], slopes[i]) = ((float)factor, (float)slope);
            constants[i] = (float)((factor * moments.First[i] / rows) - (slope * Mean[i]));
        }
    }

    /// <summary>Computes the gradients of z.</summary>
    /// <param name="result">[rows, C], written; may be z.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ApplyGradients(float* gradients, float* z, float* result, int rows)
    {
        fixed (float* factor = factors, constant = constants, slope = slopes)
        {
            for (nint row = 0; row < rows; row++)
            {
                var offset = row * channels;
                for (nint i = 0; i < channels; i += Step)
                {
                    var rest = Vector256.FusedMultiplyAdd(
                        Vector256.Load(slope + i), Vector256.Load(z + offset + i), Vector256.Load(constant + i));
                    ((Vector256.Load(gradients + offset + i) * Vector256.Load(factor + i)) - rest).Store(result + offset + i);
                }
            }
        }
    }
}
