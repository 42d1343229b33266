using System.Runtime.CompilerServices;

namespace Trainer.Core.Kernels.Filters;

/// <summary>
/// The gradients of a depthwise 3x3 filter with stride 2, for one row of its input. One or two rows of the result see it, each with one row
/// of taps; along the row, an even column is seen by one column of the result and an odd one by two.
/// </summary>
internal static unsafe class StrideTwo
{
    /// <summary>Computes the gradients of the input's row.</summary>
    /// <param name="dy">A row of dY that sees the input's row, [outputs, C].</param>
    /// <param name="weights">Its three taps, [3, C].</param>
    /// <param name="dyBelow">The second such row, or null; like <paramref name="weightsBelow"/>.</param>
    /// <param name="x">The input's row, [edge, C].</param>
    /// <param name="result">[edge, C], written; 0 where x isn't between 0 and 6.</param>
    /// <param name="ahead">What to read meanwhile, or null.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Spread<T>(
        float* dy, float* weights, float* dyBelow, float* weightsBelow, float* x, float* result, nint channels, int edge, int outputs,
        ReadAhead? ahead)
        where T : struct, ILanes<T>
    {
        var two = dyBelow is not null;
        for (nint c = 0; c < channels; c += T.Count)
        {
            ahead?.Advance();
            T left = T.Load(weights + c), middle = T.Load(weights + channels + c), right = T.Load(weights + (2 * channels) + c);
            T leftBelow = T.Zero, middleBelow = T.Zero, rightBelow = T.Zero, nextBelow = T.Zero;
            var next = T.Load(dy + c);
            if (two)
            {
                leftBelow = T.Load(weightsBelow + c);
                middleBelow = T.Load(weightsBelow + channels + c);
                rightBelow = T.Load(weightsBelow + (2 * channels) + c);
                nextBelow = T.Load(dyBelow + c);
            }

            for (var (i, at, offset) = (0, c, c); i < outputs; i++)
            {
                T gradient = next, below = nextBelow;
                var isLast = i == outputs - 1;
                at += channels;
                next = isLast ? next : T.Load(dy + at);
                nextBelow = isLast || !two ? nextBelow : T.Load(dyBelow + at);

                var even = T.MultiplyAdd(gradient, middle, T.Zero);
                even = two ? T.MultiplyAdd(below, middleBelow, even) : even;
                even.Relu6Gradient(T.Load(x + offset)).Store(result + offset);
                offset += channels;
                if ((2 * i) + 1 < edge)
                {
                    var odd = T.MultiplyAdd(gradient, right, T.Zero);
                    odd = isLast ? odd : T.MultiplyAdd(next, left, odd);
                    odd = two ? T.MultiplyAdd(below, rightBelow, odd) : odd;
                    odd = two && !isLast ? T.MultiplyAdd(nextBelow, leftBelow, odd) : odd;
                    odd.Relu6Gradient(T.Load(x + offset)).Store(result + offset);
                    offset += channels;
                }
            }
        }
    }

    /// <summary>Adds the products of a row of dY with the pixels of a row of the input that it sees.</summary>
    /// <param name="sums">The gradient sums of these three taps, [3, C], added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProducts<T>(float* dy, float* x, float* sums, nint channels, int edge, int outputs, ReadAhead? ahead)
        where T : struct, ILanes<T>
    {
        for (nint c = 0; c < channels; c += T.Count)
        {
            ahead?.Advance();
            float* at = sums + c, pixel = x + c;
            T left = T.Load(at), middle = T.Load(at + channels), right = T.Load(at + (2 * channels));
            for (var i = 0; i < outputs; i++, pixel += 2 * channels)
            {
                var gradient = T.Load(dy + (i * channels) + c);
                left = i > 0 ? T.MultiplyAdd(gradient, T.Load(pixel - channels), left) : left;
                middle = T.MultiplyAdd(gradient, T.Load(pixel), middle);
                right = (2 * i) + 1 < edge ? T.MultiplyAdd(gradient, T.Load(pixel + channels), right) : right;
            }

            left.Store(at);
            middle.Store(at + channels);
            right.Store(at + (2 * channels));
        }
    }
}
