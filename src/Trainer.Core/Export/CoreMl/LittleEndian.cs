using System.Runtime.InteropServices;

namespace Trainer.Core.Export.CoreMl;

/// <summary>Converts numbers to little-endian bytes, as Core ML stores them. All supported machines are little-endian.</summary>
internal static class LittleEndian
{
    public static byte[] Floats(ReadOnlySpan<float> values) => MemoryMarshal.AsBytes(values).ToArray();

    public static byte[] Halves(ReadOnlySpan<float> values)
    {
        var halves = new Half[values.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(values, halves);
        return MemoryMarshal.AsBytes<Half>(halves).ToArray();
    }
}
