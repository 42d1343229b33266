using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Trainer.Core.Imaging;

/// <summary>One pixel in a vector: R, G, B, and an unused fourth number.</summary>
internal static class Pixel
{
    /// <summary>Rounds to the nearest whole number, clamped to 0..255.</summary>
    /// <returns>R in the lowest byte, then G, then B.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Round(Vector128<float> pixel)
    {
        var cut = Vector128.Clamp(pixel + Vector128.Create(0.5f), Vector128<float>.Zero, Vector128.Create(255f));
        var whole = Vector128.ConvertToInt32(cut);
        return Vector128.Narrow(Vector128.Narrow(whole, whole).AsUInt16(), Vector128<ushort>.Zero).AsUInt32().ToScalar();
    }
}
