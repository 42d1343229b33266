using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Trainer.Core.Kernels;

/// <summary>What happens to a tile's sums on their way to memory, so that no pass of its own is needed for it. All parts are optional.</summary>
/// <param name="bias">Added to each row: the constant of the tile's first column.</param>
/// <param name="plus">Added number by number; laid out as the result, and may be the result.</param>
/// <param name="relu6">Cuts to 0..6.</param>
/// <param name="mask">Laid out as the result: sums become 0 where it isn't between 0 and 6, which is the derivative of the ReLU6 that gave it.</param>
internal readonly unsafe struct Epilogue(float* bias = null, float* plus = null, bool relu6 = false, float* mask = null)
{
    private readonly bool hasBias = bias is not null;
    private readonly bool hasPlus = plus is not null;
    private readonly bool hasMask = mask is not null;

    /// <summary>The same for a tile that begins further on.</summary>
    public Epilogue At(int column, nint offset) => new(
        hasBias ? bias + column : null, hasPlus ? plus + offset : null, relu6, hasMask ? mask + offset : null);

    /// <summary>Writes a row of sums.</summary>
    /// <param name="c">First number of the tile's result.</param>
    /// <param name="offset">Of the row, in it.</param>
    /// <param name="columns">8, 16, 24 or 32.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(float* c, nint offset, int columns, float* sums)
    {
        var column = 0;
        for (; Vector512.IsHardwareAccelerated && column + Lanes16.Count <= columns; column += Lanes16.Count)
        {
            Finished(Lanes16.Load(sums + column), offset, column).Store(c + offset + column);
        }

        for (; column < columns; column += Lanes8.Count)
        {
            Finished(Lanes8.Load(sums + column), offset, column).Store(c + offset + column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Finished<T>(T sums, nint offset, int column)
        where T : struct, ILanes<T>
    {
        if (hasBias)
        {
            sums += T.Load(bias + column);
        }

        if (hasPlus)
        {
            sums += T.Load(plus + offset + column);
        }

        if (relu6)
        {
            sums = sums.Relu6();
        }

        return hasMask ? sums.Relu6Gradient(T.Load(mask + offset + column)) : sums;
    }
}
