using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Trainer.Core.Kernels;

/// <summary>
/// The operations applied to a tile's sums before they are stored, which saves separate passes over memory. All of them are optional.
/// </summary>
/// <param name="bias">Added to each row; points to the constant of the tile's first column.</param>
/// <param name="plus">Added element by element; has the layout of the result, and may be the result itself.</param>
/// <param name="relu6">Clamps the result to 0..6.</param>
/// <param name="mask">
/// The output of a ReLU6, with the layout of the result. Where it isn't between 0 and 6, the ReLU6's derivative is 0, so the sum becomes 0.
/// </param>
internal readonly unsafe struct Epilogue(float* bias = null, float* plus = null, bool relu6 = false, float* mask = null)
{
    private readonly bool hasBias = bias is not null;
    private readonly bool hasPlus = plus is not null;
    private readonly bool hasMask = mask is not null;

    /// <summary>The same operations for a tile at another position.</summary>
    public Epilogue At(int column, nint offset) => new(
        hasBias ? bias + column : null, hasPlus ? plus + offset : null, relu6, hasMask ? mask + offset : null);

    /// <summary>Writes a row of sums.</summary>
    /// <param name="c">The first element of the tile's result.</param>
    /// <param name="offset">The row's offset from <paramref name="c"/>.</param>
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
