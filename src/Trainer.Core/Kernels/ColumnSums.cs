using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Trainer.Core.Kernels;

/// <summary>Sums each channel over pixels.</summary>
internal static unsafe class ColumnSums
{
    /// <summary>Adds up some rows' channels, from <paramref name="first"/> up to but not including <paramref name="last"/>.</summary>
    /// <param name="numbers">[rows, columns].</param>
    /// <param name="first">A multiple of 8, like <paramref name="last"/>.</param>
    /// <param name="sums">[columns]; the rows are added to the values in this range.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* numbers, int rows, int columns, int first, int last, float* sums)
    {
        for (nint row = 0; row < rows; row++)
        {
            var at = numbers + (row * columns);
            for (nint column = first; column < last; column += Vector256<float>.Count)
            {
                (Vector256.Load(sums + column) + Vector256.Load(at + column)).Store(sums + column);
            }
        }
    }
}
