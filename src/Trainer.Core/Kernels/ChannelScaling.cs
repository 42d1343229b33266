using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Trainer.Core.Kernels;

/// <summary>Multiplies each channel of rows [rows, C] by its own factor and adds its own constant.</summary>
/// <remarks>Four rows are computed together, so that each factor and constant is loaded once for all four.</remarks>
internal static unsafe class ChannelScaling
{
    private const int RowsTogether = 4;

    /// <summary>Computes y = ReLU6(factors · z + constants) + plus; ReLU6 and plus are optional.</summary>
    /// <param name="factors">[C], like <paramref name="constants"/>.</param>
    /// <param name="channels">C, a multiple of 8.</param>
    /// <param name="plus">[rows, C], or null.</param>
    /// <param name="y">[rows, C], written; may be z.</param>
    public static void Apply(float* z, float* factors, float* constants, nint channels, int rows, float* plus, bool relu6, float* y)
    {
        if (Vector512.IsHardwareAccelerated && channels % Lanes16.Count == 0)
        {
            Apply<Lanes16>(z, factors, constants, channels, rows, plus, relu6, y);
        }
        else
        {
            Apply<Lanes8>(z, factors, constants, channels, rows, plus, relu6, y);
        }
    }

    /// <summary>Computes c = ofA · a + ofB · b + constants.</summary>
    /// <param name="a">[rows, C], like <paramref name="b"/>.</param>
    /// <param name="ofA">[C], like <paramref name="ofB"/> and <paramref name="constants"/>.</param>
    /// <param name="channels">C, a multiple of 8.</param>
    /// <param name="c">[rows, C], written; may be a or b.</param>
    public static void Combine(float* a, float* ofA, float* b, float* ofB, float* constants, nint channels, int rows, float* c)
    {
        if (Vector512.IsHardwareAccelerated && channels % Lanes16.Count == 0)
        {
            Combine<Lanes16>(a, ofA, b, ofB, constants, channels, rows, c);
        }
        else
        {
            Combine<Lanes8>(a, ofA, b, ofB, constants, channels, rows, c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<T>(
        float* z, float* factors, float* constants, nint channels, int rows, float* plus, bool relu6, float* y)
        where T : struct, ILanes<T>
    {
        for (nint row = 0; row < rows; row += RowsTogether)
        {
            var end = Math.Min(rows, row + RowsTogether) * channels;
            for (nint channel = 0; channel < channels; channel += T.Count)
            {
                T factor = T.Load(factors + channel), constant = T.Load(constants + channel);
                for (var i = (row * channels) + channel; i < end; i += channels)
                {
                    var value = T.MultiplyAdd(T.Load(z + i), factor, constant);
                    value = relu6 ? value.Relu6() : value;
                    (plus is null ? value : value + T.Load(plus + i)).Store(y + i);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine<T>(float* a, float* ofA, float* b, float* ofB, float* constants, nint channels, int rows, float* c)
        where T : struct, ILanes<T>
    {
        for (nint row = 0; row < rows; row += RowsTogether)
        {
            var end = Math.Min(rows, row + RowsTogether) * channels;
            for (nint channel = 0; channel < channels; channel += T.Count)
            {
                T first = T.Load(ofA + channel), second = T.Load(ofB + channel), constant = T.Load(constants + channel);
                for (var i = (row * channels) + channel; i < end; i += channels)
                {
                    T.MultiplyAdd(T.Load(a + i), first, T.MultiplyAdd(T.Load(b + i), second, constant)).Store(c + i);
                }
            }
        }
    }
}
