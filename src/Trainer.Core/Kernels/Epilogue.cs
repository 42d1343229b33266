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

    /// <summary>True when sums are stored as they are.</summary>
    public bool IsEmpty => !hasBias && !hasPlus && !relu6 && !hasMask;

    /// <summary>The same operations for a tile at another position.</summary>
    public Epilogue At(int column, nint offset) => new(
        hasBias ? bias + column : null, hasPlus ? plus + offset : null, relu6, hasMask ? mask + offset : null);

    /// <summary>Writes a tile.</summary>
    /// <param name="c">The first element of the tile's result.</param>
    /// <param name="cRow">Distance from one row of the result to the next.</param>
    /// <param name="columns">8, 16, 24 or 32.</param>
    /// <param name="sums">[rows, <see cref="GemmTile.Wide"/>].</param>
    public void Write(float* c, nint cRow, int rows, int columns, float* sums)
    {
        if (Vector512.IsHardwareAccelerated && columns % Lanes16.Count == 0)
        {
            Write<Lanes16>(c, cRow, rows, columns, sums);
        }
        else
        {
            Write<Lanes8>(c, cRow, rows, columns, sums);
        }
    }

    /// <summary>Chooses once for each tile, not for each vector: what a network needs most is compiled without conditions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write<T>(float* c, nint cRow, int rows, int columns, float* sums)
        where T : struct, ILanes<T>
    {
        switch (hasBias, hasPlus, relu6, hasMask)
        {
            case (true, false, true, false):
                Write<T>(c, cRow, rows, columns, sums, true, false, true, false);
                break;
            case (true, true, false, false):
                Write<T>(c, cRow, rows, columns, sums, true, true, false, false);
                break;
            case (false, true, false, false):
                Write<T>(c, cRow, rows, columns, sums, false, true, false, false);
                break;
            case (false, false, false, true):
                Write<T>(c, cRow, rows, columns, sums, false, false, false, true);
                break;
            default:
                Write<T>(c, cRow, rows, columns, sums, hasBias, hasPlus, relu6, hasMask);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write<T>(
        float* c, nint cRow, int rows, int columns, float* sums, bool addsBias, bool addsPlus, bool clamps, bool masks)
        where T : struct, ILanes<T>
    {
        float* ofBias = bias, ofPlus = plus, ofMask = mask;
        for (var (row, offset) = (0, (nint)0); row < rows; row++, offset += cRow, sums += GemmTile.Wide)
        {
            for (nint column = 0; column < columns; column += T.Count)
            {
                var value = T.Load(sums + column);
                value = addsBias ? value + T.Load(ofBias + column) : value;
                value = addsPlus ? value + T.Load(ofPlus + offset + column) : value;
                value = clamps ? value.Relu6() : value;
                (masks ? value.Relu6Gradient(T.Load(ofMask + offset + column)) : value).Store(c + offset + column);
            }
        }
    }
}
