using System.Runtime.CompilerServices;

namespace Trainer.Core.Kernels.Filters;

/// <summary>
/// A depthwise 3x3 filter along the part of a row whose pixels have all nine neighbours. A channel's nine weights, or its nine gradient
/// sums, stay in registers.
/// </summary>
internal static unsafe class Interior
{
    /// <summary>Filters a row.</summary>
    /// <param name="x">The upper left neighbour of the first pixel.</param>
    /// <param name="line">Distance from one row of x to the next, in floats.</param>
    /// <param name="place">Distance from one pixel's neighbours to the next pixel's, in floats.</param>
    /// <param name="weights">[9, C].</param>
    /// <param name="mirrored">True to use the weights from the last tap to the first, as gradients need.</param>
    /// <param name="bias">[C], or null.</param>
    /// <param name="y">[places, C], written.</param>
    /// <param name="relu6">Clamps the result to 0..6.</param>
    /// <param name="mask">[places, C], or null. Where the mask isn't between 0 and 6, y becomes 0.</param>
    /// <param name="ahead">What to read meanwhile, or null.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Filter<T>(
        float* x, nint line, nint place, float* weights, bool mirrored, float* bias, float* y, nint channels, int places, bool relu6,
        float* mask, ReadAhead? ahead)
        where T : struct, ILanes<T>
    {
        var (tap, step) = mirrored ? (8 * channels, -channels) : (0, channels);
        for (nint c = 0; c < channels; c += T.Count)
        {
            ahead?.Advance();
            var w = weights + tap + c;
            T w0 = T.Load(w), w1 = T.Load(w + step), w2 = T.Load(w + (2 * step));
            T w3 = T.Load(w + (3 * step)), w4 = T.Load(w + (4 * step)), w5 = T.Load(w + (5 * step));
            T w6 = T.Load(w + (6 * step)), w7 = T.Load(w + (7 * step)), w8 = T.Load(w + (8 * step));
            var constant = bias is null ? T.Zero : T.Load(bias + c);
            float* above = x + c, beside = above + line, below = beside + line;
            var offset = c;
            for (var i = 0; i < places; i++, offset += channels, above += place, beside += place, below += place)
            {
                var sum = T.MultiplyAdd(T.Load(above), w0, constant);
                var other = T.MultiplyAdd(T.Load(above + channels), w1, T.Zero); // two sums, so that additions needn't wait for one another
                sum = T.MultiplyAdd(T.Load(above + (2 * channels)), w2, sum);
                other = T.MultiplyAdd(T.Load(beside), w3, other);
                sum = T.MultiplyAdd(T.Load(beside + channels), w4, sum);
                other = T.MultiplyAdd(T.Load(beside + (2 * channels)), w5, other);
                sum = T.MultiplyAdd(T.Load(below), w6, sum);
                other = T.MultiplyAdd(T.Load(below + channels), w7, other);
                sum = T.MultiplyAdd(T.Load(below + (2 * channels)), w8, sum) + other;
                sum = relu6 ? sum.Relu6() : sum;
                (mask is null ? sum : sum.Relu6Gradient(T.Load(mask + offset))).Store(y + offset);
            }
        }
    }

    /// <summary>Sums, over a row, the products of each pixel with its nine neighbours: the gradients of the weights.</summary>
    /// <param name="x">The pixels, [places, C].</param>
    /// <param name="dy">The upper left neighbour of the first pixel.</param>
    /// <param name="line">Distance from one row of dy to the next, in floats.</param>
    /// <param name="sums">[9, C], added to. The first neighbour belongs to the last tap.</param>
    /// <param name="ahead">What to read meanwhile, or null.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddProducts<T>(float* x, float* dy, nint line, float* sums, nint channels, int places, ReadAhead? ahead)
        where T : struct, ILanes<T>
    {
        for (nint c = 0; c < channels; c += T.Count)
        {
            ahead?.Advance();
            T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero, s4 = T.Zero, s5 = T.Zero, s6 = T.Zero, s7 = T.Zero, s8 = T.Zero;
            float* at = x + c, above = dy + c, beside = above + line, below = beside + line;
            for (var i = 0; i < places; i++, at += channels, above += channels, beside += channels, below += channels)
            {
                var value = T.Load(at);
                s8 = T.MultiplyAdd(T.Load(above), value, s8);
                s7 = T.MultiplyAdd(T.Load(above + channels), value, s7);
                s6 = T.MultiplyAdd(T.Load(above + (2 * channels)), value, s6);
                s5 = T.MultiplyAdd(T.Load(beside), value, s5);
                s4 = T.MultiplyAdd(T.Load(beside + channels), value, s4);
                s3 = T.MultiplyAdd(T.Load(beside + (2 * channels)), value, s3);
                s2 = T.MultiplyAdd(T.Load(below), value, s2);
                s1 = T.MultiplyAdd(T.Load(below + channels), value, s1);
                s0 = T.MultiplyAdd(T.Load(below + (2 * channels)), value, s0);
            }

            var to = sums + c;
            Add(s0, ref to, channels);
            Add(s1, ref to, channels);
            Add(s2, ref to, channels);
            Add(s3, ref to, channels);
            Add(s4, ref to, channels);
            Add(s5, ref to, channels);
            Add(s6, ref to, channels);
            Add(s7, ref to, channels);
            Add(s8, ref to, channels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T>(T sum, ref float* to, nint channels)
        where T : struct, ILanes<T>
    {
        (T.Load(to) + sum).Store(to);
        to += channels;
    }
}
