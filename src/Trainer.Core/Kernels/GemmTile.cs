using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Trainer.Core.Kernels;

/// <summary>The kernel that all matrix products are built from: 8 rows by 32 or 16 columns of C = A · B, kept in registers.</summary>
/// <remarks>
/// Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication", section 5: the innermost kernel. Both strides of A are
/// arguments, so the same kernel serves the forward pass (A by rows) and the weights' gradients (A by columns).
/// </remarks>
internal static unsafe class GemmTile
{
    public const int Rows = 8;
    public const int Wide = 32;
    public const int Narrow = 16;

    /// <summary>Computes one tile.</summary>
    /// <param name="a">First element of A; the element in row r at step i is <c>a[(r * aRow) + (i * aStep)]</c>.</param>
    /// <param name="b">
    /// First element of B; the element at step i in column c is <c>b[(i * bStep) + c]</c>. 32 columns are read, even if fewer are written.
    /// </param>
    /// <param name="c">First element of C; the element in row r and column j is <c>c[(r * cRow) + j]</c>.</param>
    /// <param name="rows">1 to 8.</param>
    /// <param name="columns">How many columns are written: 8, 16, 24 or 32.</param>
    /// <param name="steps">How many products each sum has.</param>
    /// <param name="epilogue">Applied to the sums; its pointers use the same offsets as <paramref name="c"/>.</param>
    [SkipLocalsInit]
    public static void Multiply(
        float* a, nint aRow, nint aStep, float* b, nint bStep, float* c, nint cRow, int rows, int columns, int steps, in Epilogue epilogue)
    {
        if (rows == Rows && epilogue.IsEmpty)
        {
            Sum(a, aRow, aStep, b, bStep, columns, steps, c, cRow);
            return;
        }

        var sums = stackalloc float[Rows * Wide];
        if (rows == Rows)
        {
            Sum(a, aRow, aStep, b, bStep, columns, steps, sums, Wide);
        }
        else
        {
            for (var r = 0; r < rows; r++)
            {
                Single(a + (r * aRow), aStep, b, bStep, steps, sums + (r * Wide));
            }
        }

        epilogue.Write(c, cRow, rows, columns, sums);
    }

    /// <summary>Computes the sums of a tile with 8 rows.</summary>
    /// <param name="row">Distance from one row of sums to the next.</param>
    private static void Sum(float* a, nint aRow, nint aStep, float* b, nint bStep, int columns, int steps, float* sums, nint row)
    {
        if (Vector512.IsHardwareAccelerated && columns == Wide)
        {
            SumWide(a, aRow, aStep, b, bStep, steps, sums, row);
            return;
        }

        var column = 0;
        for (; column + Narrow <= columns; column += Narrow)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                SumNarrow(a, aRow, aStep, b + column, bStep, steps, sums + column, row);
            }
            else
            {
                SumPiece(a, aRow, aStep, b + column, bStep, steps, sums + column, row);
                SumPiece(a + (Rows / 2 * aRow), aRow, aStep, b + column, bStep, steps, sums + (Rows / 2 * row) + column, row);
            }
        }

        if (column < columns)
        {
            SumLast(a, aRow, aStep, b + column, bStep, steps, sums + column, row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumWide(float* a, nint aRow, nint aStep, float* b, nint bStep, int steps, float* sums, nint row)
    {
        float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow, a6 = a5 + aRow, a7 = a6 + aRow;
        Vector512<float> l0 = default, l1 = default, l2 = default, l3 = default, l4 = default, l5 = default, l6 = default, l7 = default;
        Vector512<float> h0 = default, h1 = default, h2 = default, h3 = default, h4 = default, h5 = default, h6 = default, h7 = default;
        nint at = 0;
        for (var i = steps; i > 0; i--)
        {
            var (low, high) = (Vector512.Load(b), Vector512.Load(b + Narrow));
            var x = Vector512.Create(a0[at]);
            (l0, h0) = (Vector512.FusedMultiplyAdd(x, low, l0), Vector512.FusedMultiplyAdd(x, high, h0));
            x = Vector512.Create(a1[at]);
            (l1, h1) = (Vector512.FusedMultiplyAdd(x, low, l1), Vector512.FusedMultiplyAdd(x, high, h1));
            x = Vector512.Create(a2[at]);
            (l2, h2) = (Vector512.FusedMultiplyAdd(x, low, l2), Vector512.FusedMultiplyAdd(x, high, h2));
            x = Vector512.Create(a3[at]);
            (l3, h3) = (Vector512.FusedMultiplyAdd(x, low, l3), Vector512.FusedMultiplyAdd(x, high, h3));
            x = Vector512.Create(a4[at]);
            (l4, h4) = (Vector512.FusedMultiplyAdd(x, low, l4), Vector512.FusedMultiplyAdd(x, high, h4));
            x = Vector512.Create(a5[at]);
            (l5, h5) = (Vector512.FusedMultiplyAdd(x, low, l5), Vector512.FusedMultiplyAdd(x, high, h5));
            x = Vector512.Create(a6[at]);
            (l6, h6) = (Vector512.FusedMultiplyAdd(x, low, l6), Vector512.FusedMultiplyAdd(x, high, h6));
            x = Vector512.Create(a7[at]);
            (l7, h7) = (Vector512.FusedMultiplyAdd(x, low, l7), Vector512.FusedMultiplyAdd(x, high, h7));
            at += aStep;
            b += bStep;
        }

        l0.Store(sums + (0 * row));
        h0.Store(sums + (0 * row) + Narrow);
        l1.Store(sums + (1 * row));
        h1.Store(sums + (1 * row) + Narrow);
        l2.Store(sums + (2 * row));
        h2.Store(sums + (2 * row) + Narrow);
        l3.Store(sums + (3 * row));
        h3.Store(sums + (3 * row) + Narrow);
        l4.Store(sums + (4 * row));
        h4.Store(sums + (4 * row) + Narrow);
        l5.Store(sums + (5 * row));
        h5.Store(sums + (5 * row) + Narrow);
        l6.Store(sums + (6 * row));
        h6.Store(sums + (6 * row) + Narrow);
        l7.Store(sums + (7 * row));
        h7.Store(sums + (7 * row) + Narrow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumNarrow(float* a, nint aRow, nint aStep, float* b, nint bStep, int steps, float* sums, nint row)
    {
        float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow, a6 = a5 + aRow, a7 = a6 + aRow;
        Vector512<float> l0 = default, l1 = default, l2 = default, l3 = default, l4 = default, l5 = default, l6 = default, l7 = default;
        nint at = 0;
        for (var i = steps; i > 0; i--)
        {
            var low = Vector512.Load(b);
            l0 = Vector512.FusedMultiplyAdd(Vector512.Create(a0[at]), low, l0);
            l1 = Vector512.FusedMultiplyAdd(Vector512.Create(a1[at]), low, l1);
            l2 = Vector512.FusedMultiplyAdd(Vector512.Create(a2[at]), low, l2);
            l3 = Vector512.FusedMultiplyAdd(Vector512.Create(a3[at]), low, l3);
            l4 = Vector512.FusedMultiplyAdd(Vector512.Create(a4[at]), low, l4);
            l5 = Vector512.FusedMultiplyAdd(Vector512.Create(a5[at]), low, l5);
            l6 = Vector512.FusedMultiplyAdd(Vector512.Create(a6[at]), low, l6);
            l7 = Vector512.FusedMultiplyAdd(Vector512.Create(a7[at]), low, l7);
            at += aStep;
            b += bStep;
        }

        l0.Store(sums + (0 * row));
        l1.Store(sums + (1 * row));
        l2.Store(sums + (2 * row));
        l3.Store(sums + (3 * row));
        l4.Store(sums + (4 * row));
        l5.Store(sums + (5 * row));
        l6.Store(sums + (6 * row));
        l7.Store(sums + (7 * row));
    }

    /// <summary>Computes 4 rows by 16 columns, whose sums fit into sixteen 256-bit registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumPiece(float* a, nint aRow, nint aStep, float* b, nint bStep, int steps, float* sums, nint row)
    {
        const int Half = Narrow / 2;
        float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
        Vector256<float> l0 = default, l1 = default, l2 = default, l3 = default;
        Vector256<float> h0 = default, h1 = default, h2 = default, h3 = default;
        nint at = 0;
        for (var i = steps; i > 0; i--)
        {
            var (low, high) = (Vector256.Load(b), Vector256.Load(b + Half));
            var x = Vector256.Create(a0[at]);
            (l0, h0) = (Vector256.FusedMultiplyAdd(x, low, l0), Vector256.FusedMultiplyAdd(x, high, h0));
            x = Vector256.Create(a1[at]);
            (l1, h1) = (Vector256.FusedMultiplyAdd(x, low, l1), Vector256.FusedMultiplyAdd(x, high, h1));
            x = Vector256.Create(a2[at]);
            (l2, h2) = (Vector256.FusedMultiplyAdd(x, low, l2), Vector256.FusedMultiplyAdd(x, high, h2));
            x = Vector256.Create(a3[at]);
            (l3, h3) = (Vector256.FusedMultiplyAdd(x, low, l3), Vector256.FusedMultiplyAdd(x, high, h3));
            at += aStep;
            b += bStep;
        }

        l0.Store(sums + (0 * row));
        h0.Store(sums + (0 * row) + Half);
        l1.Store(sums + (1 * row));
        h1.Store(sums + (1 * row) + Half);
        l2.Store(sums + (2 * row));
        h2.Store(sums + (2 * row) + Half);
        l3.Store(sums + (3 * row));
        h3.Store(sums + (3 * row) + Half);
    }

    /// <summary>Computes 8 rows by the last 8 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumLast(float* a, nint aRow, nint aStep, float* b, nint bStep, int steps, float* sums, nint row)
    {
        float* a0 = a, a1 = a0 + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow, a6 = a5 + aRow, a7 = a6 + aRow;
        Vector256<float> l0 = default, l1 = default, l2 = default, l3 = default, l4 = default, l5 = default, l6 = default, l7 = default;
        nint at = 0;
        for (var i = steps; i > 0; i--)
        {
            var low = Vector256.Load(b);
            l0 = Vector256.FusedMultiplyAdd(Vector256.Create(a0[at]), low, l0);
            l1 = Vector256.FusedMultiplyAdd(Vector256.Create(a1[at]), low, l1);
            l2 = Vector256.FusedMultiplyAdd(Vector256.Create(a2[at]), low, l2);
            l3 = Vector256.FusedMultiplyAdd(Vector256.Create(a3[at]), low, l3);
            l4 = Vector256.FusedMultiplyAdd(Vector256.Create(a4[at]), low, l4);
            l5 = Vector256.FusedMultiplyAdd(Vector256.Create(a5[at]), low, l5);
            l6 = Vector256.FusedMultiplyAdd(Vector256.Create(a6[at]), low, l6);
            l7 = Vector256.FusedMultiplyAdd(Vector256.Create(a7[at]), low, l7);
            at += aStep;
            b += bStep;
        }

        l0.Store(sums + (0 * row));
        l1.Store(sums + (1 * row));
        l2.Store(sums + (2 * row));
        l3.Store(sums + (3 * row));
        l4.Store(sums + (4 * row));
        l5.Store(sums + (5 * row));
        l6.Store(sums + (6 * row));
        l7.Store(sums + (7 * row));
    }

    /// <summary>Computes one row of a tile with fewer than 8 rows.</summary>
    private static void Single(float* a, nint aStep, float* b, nint bStep, int steps, float* sums)
    {
        for (var column = 0; column < Wide; column += Lanes8.Count)
        {
            var sum = Lanes8.Zero;
            for (nint i = 0; i < steps; i++)
            {
                sum = Lanes8.MultiplyAdd(Lanes8.Of(a[i * aStep]), Lanes8.Load(b + (i * bStep) + column), sum);
            }

            sum.Store(sums + column);
        }
    }
}
