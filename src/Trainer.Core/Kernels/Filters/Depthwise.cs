using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Trainer.Core.Kernels.Filters;

/// <summary>A depthwise 3x3 convolution with stride 1 or 2, padded with zeros so that stride 1 keeps the size; and its gradients.</summary>
/// <param name="channels">C, a multiple of 16.</param>
/// <param name="edge">E of the input [N, E, E, C].</param>
/// <param name="stride">1 or 2.</param>
internal sealed unsafe class Depthwise(int channels, int edge, int stride)
{
    /// <summary>Taps of the filter.</summary>
    public const int Taps = 9;

    private const int Kernel = 3;
    private const int RowsInTask = 8;

    private readonly (int Tap, int Other)[][] inputsOf = KernelBounds.InputsOf(edge, stride);
    private readonly (int Tap, int Other)[][] outputsOf = KernelBounds.OutputsOf(edge, stride);

    /// <summary>How many output columns, from the second one on, see three input columns.</summary>
    private readonly int innerColumns = KernelBounds.InputsOf(edge, stride).Count(pairs => pairs.Length == Kernel);

    /// <summary>O, the edge of the output [N, O, O, C].</summary>
    public int Edge { get; } = KernelBounds.Outputs(edge, stride);

    /// <summary>Computes y = ReLU6(x ∗ w + bias), or the same without ReLU6.</summary>
    /// <param name="weights">[9, C].</param>
    /// <param name="bias">[C].</param>
    public void Forward(ThreadTeam team, float* x, float* weights, float* bias, float* y, int pictures, bool relu6)
    {
        var bands = (Edge + RowsInTask - 1) / RowsInTask;
        team.Run(pictures * bands, (task, _) =>
        {
            var (picture, band) = (task / bands, task % bands);
            ForwardRows(
                x + ((nint)picture * edge * edge * channels), weights, bias, y + ((nint)picture * Edge * Edge * channels),
                band * RowsInTask, Math.Min(Edge, (band + 1) * RowsInTask), relu6);
        });
    }

    /// <summary>The same as <see cref="Forward"/> for some rows of one picture's result.</summary>
    /// <param name="x">The picture's first row. Only the rows that <see cref="InputRows"/> names are read.</param>
    /// <param name="y">The first row of the picture's result.</param>
    /// <param name="last">The row after the last one.</param>
    /// <param name="ahead">What to read meanwhile, or null.</param>
    public void ForwardRows(float* x, float* weights, float* bias, float* y, int first, int last, bool relu6, ReadAhead? ahead = null)
    {
        for (var row = first; row < last; row++)
        {
            var to = y + ((nint)row * Edge * channels);
            if (Vector512.IsHardwareAccelerated)
            {
                ForwardRow<Lanes16>(x, weights, bias, to, row, relu6, ahead);
            }
            else
            {
                ForwardRow<Lanes8>(x, weights, bias, to, row, relu6, ahead);
            }
        }
    }

    /// <summary>The input's rows that rows of the result see, from the first up to but not including the last.</summary>
    public (int First, int Last) InputRows(int first, int last) => (inputsOf[first][0].Other, inputsOf[last - 1][^1].Other + 1);

    /// <summary>The result's rows that see rows of the input, from the first up to but not including the last.</summary>
    public (int First, int Last) OutputRows(int first, int last) =>
        (outputsOf[first].Min(pair => pair.Other), outputsOf[last - 1].Max(pair => pair.Other) + 1);

    /// <summary>
    /// Computes the gradients of the input, which must be the result of a ReLU6, and the gradient sums for weights and bias.
    /// </summary>
    /// <param name="gradients">dY, [N, O, O, C].</param>
    /// <param name="x">X, [N, E, E, C].</param>
    /// <param name="weights">[9, C].</param>
    /// <param name="result">dX, [N, E, E, C], written; 0 where X isn't between 0 and 6.</param>
    /// <param name="sums">Written: [9, C] for each group of pictures.</param>
    public void Backward(ThreadTeam team, float* gradients, float* x, float* weights, float* result, GradientSums sums, int pictures)
    {
        var inGroup = (pictures + sums.Groups - 1) / sums.Groups;
        team.Run(sums.Groups, (group, _) =>
        {
            float* into = sums.Weights(group), constants = sums.Constants(group);
            new Span<float>(into, Taps * channels).Clear();
            new Span<float>(constants, channels).Clear();
            for (var picture = group * inGroup; picture < Math.Min(pictures, (group + 1) * inGroup); picture++)
            {
                var dy = gradients + ((nint)picture * Edge * Edge * channels);
                var offset = (nint)picture * edge * edge * channels;
                BackwardRows(dy, x + offset, weights, result + offset, into, 0, edge);
                ColumnSums.Add(dy, Edge * Edge, channels, 0, channels, constants);
            }
        });
    }

    /// <summary>
    /// Computes the gradients of some rows of one picture, and adds these rows' share to the gradient sums of the weights.
    /// </summary>
    /// <param name="gradients">The first row of the picture's dY. Only the rows that <see cref="OutputRows"/> names are read.</param>
    /// <param name="x">The picture's first row, as for <see cref="Backward"/>; like <paramref name="result"/>.</param>
    /// <param name="sums">[9, C], added to.</param>
    /// <param name="last">The row after the last one.</param>
    /// <param name="ahead">What to read meanwhile, or null.</param>
    public void BackwardRows(
        float* gradients, float* x, float* weights, float* result, float* sums, int first, int last, ReadAhead? ahead = null)
    {
        for (var row = first; row < last; row++)
        {
            var offset = (nint)row * edge * channels;
            if (Vector512.IsHardwareAccelerated)
            {
                BackwardRow<Lanes16>(gradients, x + offset, weights, result + offset, sums, row, ahead);
            }
            else
            {
                BackwardRow<Lanes8>(gradients, x + offset, weights, result + offset, sums, row, ahead);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ForwardRow<T>(float* maps, float* weights, float* bias, float* y, int row, bool relu6, ReadAhead? ahead)
        where T : struct, ILanes<T>
    {
        var inner = inputsOf[row].Length == Kernel ? innerColumns : 0; // columns from 1 on
        if (inner > 0)
        {
            var first = maps + ((((nint)row * stride * edge) - edge + stride - 1) * channels);
            Interior.Filter<T>(
                first, (nint)edge * channels, (nint)stride * channels, weights, false, bias, y + channels, channels, inner, relu6,
                mask: null, ahead);
        }

        var places = stackalloc float*[Taps];
        var factors = stackalloc float*[Taps];
        for (var column = 0; column < Edge; column += column == 0 ? inner + 1 : 1)
        {
            var count = GatherTaps(inputsOf[row], inputsOf[column], maps, edge, weights, places, factors);
            var result = y + ((nint)column * channels);
            for (nint channel = 0; channel < channels; channel += T.Count)
            {
                var sum = T.Load(bias + channel);
                var other = T.Zero; // sums every second tap, so that additions needn't wait for one another
                var i = 0;
                for (; i + 1 < count; i += 2)
                {
                    sum = T.MultiplyAdd(T.Load(places[i] + channel), T.Load(factors[i] + channel), sum);
                    other = T.MultiplyAdd(T.Load(places[i + 1] + channel), T.Load(factors[i + 1] + channel), other);
                }

                if (i < count)
                {
                    sum = T.MultiplyAdd(T.Load(places[i] + channel), T.Load(factors[i] + channel), sum);
                }

                sum += other;
                (relu6 ? sum.Relu6() : sum).Store(result + channel);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BackwardRow<T>(float* gradients, float* x, float* weights, float* result, float* sums, int row, ReadAhead? ahead)
        where T : struct, ILanes<T>
    {
        if (stride == 2)
        {
            BackwardRowOfTwo<T>(gradients, x, weights, result, sums, row, ahead);
            return;
        }

        var inner = outputsOf[row].Length == Kernel ? edge - 2 : 0; // columns from 1 on
        if (inner > 0)
        {
            float* first = gradients + ((nint)(row - 1) * edge * channels), at = x + channels;
            Interior.Filter<T>(
                first, (nint)edge * channels, channels, weights, true, bias: null, result + channels, channels, inner, relu6: false,
                mask: at, ahead);
            Interior.AddProducts<T>(at, first, (nint)edge * channels, sums, channels, inner, ahead);
        }

        var places = stackalloc float*[Taps];
        var factors = stackalloc float*[Taps];
        var toSums = sums - weights; // both are [9, C]
        for (var column = 0; column < edge; column += column == 0 ? inner + 1 : 1)
        {
            var count = GatherTaps(outputsOf[row], outputsOf[column], gradients, Edge, weights, places, factors);
            var offset = (nint)column * channels;
            for (nint channel = 0; channel < channels; channel += T.Count)
            {
                var value = T.Load(x + offset + channel);
                var sum = T.Zero;
                for (var i = 0; i < count; i++)
                {
                    var gradient = T.Load(places[i] + channel);
                    var factor = factors[i] + channel;
                    sum = T.MultiplyAdd(gradient, T.Load(factor), sum);
                    T.MultiplyAdd(gradient, value, T.Load(factor + toSums)).Store(factor + toSums);
                }

                sum.Relu6Gradient(value).Store(result + offset + channel);
            }
        }
    }

    /// <summary>The same for stride 2.</summary>
    private void BackwardRowOfTwo<T>(
        float* gradients, float* x, float* weights, float* result, float* sums, int row, ReadAhead? ahead)
        where T : struct, ILanes<T>
    {
        var pairs = outputsOf[row];
        StrideTwo.Spread<T>(
            RowOf(pairs[0].Other), weights + TapsOf(pairs[0].Tap), pairs.Length > 1 ? RowOf(pairs[1].Other) : null,
            pairs.Length > 1 ? weights + TapsOf(pairs[1].Tap) : null, x, result, channels, edge, Edge, ahead);
        foreach (var (tap, other) in pairs)
        {
            StrideTwo.AddProducts<T>(RowOf(other), x, sums + TapsOf(tap), channels, edge, Edge, ahead);
        }

        float* RowOf(int output) => gradients + ((nint)output * Edge * channels);
        nint TapsOf(int tapRow) => (nint)tapRow * Kernel * channels;
    }

    /// <summary>Finds the pixels that the taps of a row and a column meet, and those taps' weights.</summary>
    private int GatherTaps(
        (int Tap, int Other)[] rows, (int Tap, int Other)[] columns, float* maps, int size, float* weights, float** places, float** factors)
    {
        var count = 0;
        foreach (var (tapRow, row) in rows)
        {
            foreach (var (tapColumn, column) in columns)
            {
                places[count] = maps + ((((nint)row * size) + column) * channels);
                factors[count++] = weights + (((tapRow * Kernel) + tapColumn) * channels);
            }
        }

        return count;
    }
}
