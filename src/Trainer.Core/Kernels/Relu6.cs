using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Trainer.Core.Kernels;

/// <summary>min(max(x, 0), 6), and its derivative, told from its result.</summary>
internal static class Relu6
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> x) =>
        Vector512.MinNative(Vector512.Create(6f), Vector512.MaxNative(Vector512<float>.Zero, x)); // in this order a NaN stays one: the run must notice

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Gradient(Vector512<float> gradients, Vector512<float> results) =>
        Vector512.ConditionalSelect(
            Vector512.GreaterThan(results, Vector512<float>.Zero) & Vector512.LessThan(results, Vector512.Create(6f)), gradients, Vector512<float>.Zero);
}
