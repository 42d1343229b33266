using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Trainer.Core.Kernels;

/// <summary>Sums of each channel over pixels.</summary>
internal static unsafe class ColumnSums
{
    /// <summary>Adds the channels from <paramref name="first"/> to before <paramref name="last"/> of some rows.</summary>
    /// <param name="numbers">[rows, columns].</param>
    /// <param name="first">A multiple of 8, as <paramref name="last"/>.</param>
    /// <param name="sums">[columns], added to from <paramref name="first"/> on.</param>
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
