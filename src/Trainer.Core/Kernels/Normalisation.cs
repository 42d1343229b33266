using Trainer.Core.Kernels.Statistics;

namespace Trainer.Core.Kernels;

/// <summary>Batch norm with the batch's own statistics, followed by ReLU6 and the shortcut; and its gradients.</summary>
/// <remarks>
/// Ioffe and Szegedy 2015, algorithm 1, <see href="https://arxiv.org/abs/1502.03167"/>. The forward pass calls <see cref="Add"/> for all
/// rows of each picture, then <see cref="Settle"/>, then <see cref="Apply"/> wherever the normalised rows are needed; the backward pass
/// does the same with gradients. Any block of rows can be added or normalised as soon as it is computed, while it is still in the
/// processor's cache.
/// </remarks>
/// <param name="channels">C, a multiple of 8; feature maps are [rows, C].</param>
internal sealed unsafe class Normalisation(int channels)
{
    private readonly Moments moments = new(channels);
    private readonly float[] shift = new float[channels];
    private readonly float[] factors = new float[channels];
    private readonly float[] constants = new float[channels];

    // dz = ofGradients · dy + ofValues · z + ofOne
    private readonly float[] ofGradients = new float[channels];
    private readonly float[] ofValues = new float[channels];
    private readonly float[] ofOne = new float[channels];

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

    /// <summary>Adds rows of a picture to the statistics; several threads may call this at once, for different pictures.</summary>
    /// <param name="copy">If not null, z is copied there, past the caches.</param>
    public void Add(int picture, float* z, int rows, float* copy = null)
    {
        fixed (float* near = shift)
        {
            moments.AddSquares(picture, z, near, rows, copy);
        }
    }

    /// <summary>Computes the statistics once all pictures are added.</summary>
    /// <param name="rows">Rows of all pictures.</param>
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
    public void Apply(float* z, float* y, int rows, float* plus, bool relu6)
    {
        fixed (float* factor = factors, constant = constants)
        {
            ChannelScaling.Apply(z, factor, constant, channels, rows, plus, relu6, y);
        }
    }

    /// <summary>
    /// Adds gradients of rows of a picture, which are those before the ReLU6. Several threads may call this at once, for different
    /// pictures.
    /// </summary>
    /// <param name="z">The same as for <see cref="Add"/>.</param>
    /// <param name="copy">If not null, the gradients are copied there, past the caches.</param>
    public void AddGradients(int picture, float* gradients, float* z, int rows, float* copy = null)
    {
        fixed (float* mean = Mean)
        {
            moments.AddProducts(picture, gradients, z, mean, rows, copy);
        }
    }

    /// <summary>Computes the gradients of γ and β once all pictures are added.</summary>
    /// <param name="rows">Rows of all pictures.</param>
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
            var slope = factor * product / rows / deviation;
            (ofGradients[i], ofValues[i]) = ((float)factor, (float)-slope);
            ofOne[i] = (float)((slope * Mean[i]) - (factor * moments.First[i] / rows));
        }
    }

    /// <summary>Computes the gradients of z.</summary>
    /// <param name="result">[rows, C], written; may be z.</param>
    public void ApplyGradients(float* gradients, float* z, float* result, int rows)
    {
        fixed (float* factor = ofGradients, slope = ofValues, constant = ofOne)
        {
            ChannelScaling.Combine(gradients, factor, z, slope, constant, channels, rows, result);
        }
    }
}
