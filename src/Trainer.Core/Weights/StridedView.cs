using Trainer.Core.Weights.Pickling;

namespace Trainer.Core.Weights;

/// <summary>A tensor's view of its storage, which was checked to stay within it. Offset and strides count numbers, not bytes.</summary>
/// <param name="NumberSize">Size of one number in bytes.</param>
/// <param name="ByteCount">Size of the tensor in bytes when stored without gaps.</param>
/// <param name="Offset">Index of the tensor's first number in the storage.</param>
/// <param name="Shape">Size of each dimension.</param>
/// <param name="Strides">Distance between neighbours along each dimension.</param>
internal sealed record StridedView(int NumberSize, long ByteCount, long Offset, long[] Shape, long[] Strides)
{
    private const int MostEdges = 64; // PyTorch's limit

    /// <summary>The view, or null if size, stride and offset don't fit together or extend beyond the storage.</summary>
    public static StridedView? Of(PickledTensor tensor)
    {
        var storage = tensor.Storage;
        if (Numbers(tensor.Size) is not { } shape || Numbers(tensor.Stride) is not { } strides || shape.Length != strides.Length
            || tensor.Offset < 0 || storage.Type.ByteCount(shape) is not { } byteCount)
        {
            return null;
        }

        Int128 last = tensor.Offset;
        for (var edge = 0; edge < shape.Length && byteCount > 0; edge++)
        {
            last += (Int128)(shape[edge] - 1) * strides[edge];
        }

        return byteCount == 0 || last < storage.Count
            ? new StridedView(storage.Type.Size(), byteCount, tensor.Offset, shape, strides)
            : null;
    }

    /// <summary>True if the numbers are already row-major and without gaps.</summary>
    public bool IsContiguous()
    {
        long expected = 1;
        for (var edge = Shape.Length - 1; edge >= 0; edge--)
        {
            if (Shape[edge] != 1 && Strides[edge] != expected)
            {
                return false;
            }

            expected *= Shape[edge];
        }

        return true;
    }

    /// <summary>Copies the view's numbers, row-major and without gaps.</summary>
    /// <param name="storage">The storage's bytes.</param>
    /// <param name="target"><see cref="ByteCount"/> bytes, more than 0.</param>
    public void CopyTo(ReadOnlySpan<byte> storage, Span<byte> target)
    {
        var index = new long[Shape.Length];
        var at = Offset;
        for (var to = 0; to < target.Length; to += NumberSize)
        {
            storage.Slice((int)(at * NumberSize), NumberSize).CopyTo(target[to..]);
            for (var edge = Shape.Length - 1; edge >= 0; edge--)
            {
                at += Strides[edge];
                if (++index[edge] < Shape[edge])
                {
                    break;
                }

                at -= Strides[edge] * Shape[edge];
                index[edge] = 0;
            }
        }
    }

    private static long[]? Numbers(object?[] values) =>
        values.Length <= MostEdges && values.All(value => value is long and >= 0) ? [.. values.Cast<long>()] : null;
}
