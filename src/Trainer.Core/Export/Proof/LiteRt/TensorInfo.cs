
using Trainer.Core.Export.Proof.CoreMl;

namespace Trainer.Core.Export.Proof.LiteRt;

/// <summary>The element types of tensors in a .tflite file, with the public numbers.</summary>
internal enum TensorElement
{
    /// <summary>float32.</summary>
    Float = 0,

    /// <summary>float16.</summary>
    Half = 1,

    /// <summary>Four bytes, signed.</summary>
    Whole = 2,

    /// <summary>One byte, 0 to 255.</summary>
    Unsigned = 3,

    /// <summary>True or false.</summary>
    Truth = 6,

    /// <summary>One byte, −128 to 127.</summary>
    Signed = 9,
}

/// <summary>A tensor's declaration in the file.</summary>
/// <param name="Scales">
/// Scales of quantised bytes: one, or one for each index along <paramref name="Axis"/>; empty if the tensor isn't quantised.
/// </param>
/// <param name="Zero">The byte that stands for 0.</param>
/// <param name="Bytes">Data of a constant; empty for a computed value.</param>
internal sealed record TensorInfo(
    string Name, TensorElement Element, long[] Shape, float[] Scales, int Zero, int Axis, ReadOnlyMemory<byte> Bytes)
{
    private const int MostAxes = 4;

    public bool IsConstant => !Bytes.IsEmpty;

    /// <summary>True for bytes that stand for real numbers.</summary>
    public bool IsQuantised => Scales.Length > 0;

    public (int Least, int Most) Range =>
        Element == TensorElement.Unsigned ? (byte.MinValue, byte.MaxValue) : (sbyte.MinValue, sbyte.MaxValue);

    /// <param name="tensor">A Tensor table.</param>
    /// <param name="buffers">The model's buffers; the first is empty.</param>
    public static TensorInfo Read(FlatTable tensor, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        var name = tensor.Text(3);
        var (element, shape) = ((TensorElement)tensor.Byte(1), tensor.Wholes(0).Select(length => (long)length).ToArray());
        if (!Enum.IsDefined(element) || shape.Length is < 1 or > MostAxes || shape.Any(length => length < 1) || tensor.Whole(2) < 0
            || tensor.Whole(2) >= buffers.Count)
        {
            throw new BrokenModelException(
                $"'{name}' is {element} [{string.Join(", ", shape)}] in buffer {tensor.Whole(2)}, which no tensor of a gate is");
        }

        var info = new TensorInfo(name, element, shape, [], 0, 0, buffers[tensor.Whole(2)]);
        if (info.IsConstant && info.Bytes.Length != info.Count * info.ElementSize)
        {
            throw new BrokenModelException(
                $"'{name}' has {info.Bytes.Length} bytes, expected {info.Count * info.ElementSize} for {element} "
                + $"[{string.Join(", ", shape)}]");
        }

        return tensor.Has(4) ? info.Quantised(tensor.Table(4, $"the quantisation of '{name}'", 2, 3, 6)) : info;
    }

    private long Count => Shape.Aggregate(1L, (product, length) => checked(product * length));

    private int ElementSize => Element switch
    {
        TensorElement.Float or TensorElement.Whole => 4,
        TensorElement.Half => 2,
        _ => 1,
    };

    private TensorInfo Quantised(FlatTable table)
    {
        var (scales, zeros, axis) = (table.Floats(2), table.Longs(3), table.Whole(6));
        var fits = scales.Length == 1 || (axis >= 0 && axis < Shape.Length && scales.Length == Shape[axis]);
        return fits && zeros.Length == scales.Length && zeros.Distinct().Count() == 1
            && scales.All(scale => scale > 0 && float.IsFinite(scale)) && zeros[0] is >= -128 and <= 255
            && Element is TensorElement.Signed or TensorElement.Unsigned or TensorElement.Whole
            ? this with { Scales = scales, Zero = (int)zeros[0], Axis = axis }
            : throw new BrokenModelException(
                $"the quantisation of '{Name}' has {scales.Length} scales and {zeros.Length} zero points along axis {axis} of "
                + $"[{string.Join(", ", Shape)}], which don't fit");
    }
}
