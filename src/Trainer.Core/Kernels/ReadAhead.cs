using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Trainer.Core.Kernels;

/// <summary>Brings values that a thread needs next from memory into its core's cache while the thread still computes with others.</summary>
/// <remarks>
/// Kernels call <see cref="Advance"/> again and again while they compute. Each call asks for a few cache lines, as a core can wait for only
/// a few dozen at a time. Results don't depend on it.
/// </remarks>
internal sealed unsafe class ReadAhead
{
    /// <summary>Cache lines to ask for in the time that a tile takes.</summary>
    public const int OfTile = 32;

    private const int Line = 16; // floats

    private float* first, firstEnd, second, secondEnd;

    /// <summary>Starts reading one or two ranges; the next call ends it. They may extend beyond what may be read.</summary>
    /// <param name="ofA">Length of the first range, in floats.</param>
    public void Begin(float* a, nint ofA, float* b = null, nint ofB = 0)
    {
        first = a;
        firstEnd = a + ofA;
        second = b;
        secondEnd = b + ofB;
    }

    /// <summary>Asks for the next cache lines of each range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int lines = OfTile)
    {
        if (first < firstEnd)
        {
            first = Ask(first, firstEnd, lines);
        }

        if (second < secondEnd)
        {
            second = Ask(second, secondEnd, lines);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static float* Ask(float* from, float* end, int lines)
    {
        for (; lines > 0 && from < end && Sse.IsSupported; lines--, from += Line)
        {
            Sse.Prefetch1(from); // into the second-level cache; the first is too small for a band of rows
        }

        return from;
    }
}
