using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Trainer.Core.Kernels;

/// <summary>Batch norm by the batch's own statistics, with the ReLU6 and the shortcut behind it; and its gradients.</summary>
/// <remarks>Ioffe and Szegedy 2015, algorithm 1, <see href="https://arxiv.org/abs/1502.03167"/>.</remarks>
/// <param name="channels">C, a multiple of 8; maps are [rows, C].</param>
internal sealed unsafe class Normalisation(int channels)
{
    private const int RowsInTask = 128;
    private const int Step = 8;

    private readonly double[] first = new double[channels]; // sums over all rows
    private readonly double[] second = new double[channels];
    private readonly float[] factors = new float[channels];
    private readonly float[] constants = new float[channels];
    private readonly float[] slopes = new float[channels];
    private readonly float[] zeros = new float[channels];

    /// <summary>Mean of each channel in the batch.</summary>
    public float[] Mean { get; } = new float[channels];

    /// <summary>Its variance, divided by the count.</summary>
    public float[] Variance { get; } = new float[channels];

    /// <summary>y = ReLU6(γ · (z − μ) / √(v + ε) + β) + plus; ReLU6 and plus where they are asked for.</summary>
    /// <param name="y">[rows, C], written.</param>
    public void Forward(Team team, float* z, float* y, int rows, float* weight, float* bias, double epsilon, float* plus, bool relu6)
    {
        Sum(team, rows, (row, sums) => AddMoments(z + (row * channels), z, z + (row * channels), z, sums)); // against the first row: small numbers lose nothing
        for (var i = 0; i < channels; i++)
        {
            var shift = first[i] / rows;
            (Mean[i], Variance[i]) = ((float)(z[i] + shift), (float)Math.Max((second[i] / rows) - (shift * shift), 0));
            factors[i] = (float)(weight[i] / Math.Sqrt(Variance[i] + epsilon));
            constants[i] = bias[i] - (Mean[i] * factors[i]);
        }

        ForEachBlock(team, rows, (begin, end) => Apply(z, y, begin, end, plus, relu6));
    }

    /// <summary>From the gradients of the result before its ReLU6 to those of z.</summary>
    /// <param name="z">As <see cref="Forward"/> had it last; its gradients take its place.</param>
    /// <param name="ofWeight">γ's gradients, added to.</param>
    /// <param name="ofBias">β's, added to.</param>
    public void Backward(Team team, float* gradients, float* z, int rows, float* weight, double epsilon, float* ofWeight, float* ofBias)
    {
        fixed (float* pinnedMean = Mean, pinnedZero = zeros)
        {
            float* mean = pinnedMean, zero = pinnedZero;
            Sum(team, rows, (row, sums) => AddMoments(gradients + (row * channels), zero, z + (row * channels), mean, sums));
        }

        for (var i = 0; i < channels; i++)
        {
            var deviation = Math.Sqrt(Variance[i] + epsilon);
            var product = second[i] / deviation; // Σ dy · x̂
            ofWeight[i] += (float)product;
            ofBias[i] += (float)first[i];
            var factor = weight[i] / deviation;
            var slope = factor * product / rows / deviation; // of z in dz = factor · dy − slope · z − constant
            (factors[i], slopes[i]) = ((float)factor, (float)slope);
            constants[i] = (float)((factor * first[i] / rows) - (slope * Mean[i]));
        }

        ForEachBlock(team, rows, (begin, end) => Correct(gradients, z, begin, end));
    }

    /// <summary>Adds up 128 rows at a time in single precision, and those sums, in their order, in double.</summary>
    private void Sum(Team team, int rows, Action<nint, nint> addRow)
    {
        var blocks = (rows + RowsInTask - 1) / RowsInTask;
        var size = 2 * channels;
        var partial = new float[(long)blocks * size];
        fixed (float* pinned = partial)
        {
            var sums = pinned;
            ForEachBlock(team, rows, (begin, end) =>
            {
                for (nint row = begin; row < end; row++)
                {
                    addRow(row, (nint)(sums + (begin / RowsInTask * size)));
                }
            });
        }

        Array.Clear(first);
        Array.Clear(second);
        for (var block = 0; block < blocks; block++)
        {
            for (var i = 0; i < channels; i++)
            {
                first[i] += partial[(block * size) + i];
                second[i] += partial[(block * size) + channels + i];
            }
        }
    }

    private static void ForEachBlock(Team team, int rows, Action<int, int> work) => team.Run(
        (rows + RowsInTask - 1) / RowsInTask, (block, _) => work(block * RowsInTask, Math.Min(rows, (block + 1) * RowsInTask)));

    /// <summary>Adds a row's a − from, and its (a − from) · (b − other).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddMoments(float* a, float* from, float* b, float* other, nint sums)
    {
        float* plain = (float*)sums, products = plain + channels;
        for (nint i = 0; i < channels; i += Step)
        {
            var value = Vector256.Load(a + i) - Vector256.Load(from + i);
            (Vector256.Load(plain + i) + value).Store(plain + i);
            Vector256.FusedMultiplyAdd(value, Vector256.Load(b + i) - Vector256.Load(other + i), Vector256.Load(products + i)).Store(products + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply(float* z, float* y, int begin, int end, float* plus, bool relu6)
    {
        fixed (float* factor = factors, constant = constants)
        {
            for (nint row = begin; row < end; row++)
            {
                var offset = row * channels;
                for (nint i = 0; i < channels; i += Step)
                {
                    var value = Vector256.FusedMultiplyAdd(Vector256.Load(z + offset + i), Vector256.Load(factor + i), Vector256.Load(constant + i));
                    value = relu6 ? Vector256.MinNative(Vector256.Create(6f), Vector256.MaxNative(Vector256<float>.Zero, value)) : value;
                    (plus is null ? value : value + Vector256.Load(plus + offset + i)).Store(y + offset + i);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Correct(float* gradients, float* z, int begin, int end)
    {
        fixed (float* factor = factors, constant = constants, slope = slopes)
        {
            for (nint row = begin; row < end; row++)
            {
                var offset = row * channels;
                for (nint i = 0; i < channels; i += Step)
                {
                    var rest = Vector256.FusedMultiplyAdd(Vector256.Load(slope + i), Vector256.Load(z + offset + i), Vector256.Load(constant + i));
                    ((Vector256.Load(gradients + offset + i) * Vector256.Load(factor + i)) - rest).Store(z + offset + i);
                }
            }
        }
    }
}
