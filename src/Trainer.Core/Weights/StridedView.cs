using Trainer.Core.Weights.Pickling;

namespace Trainer.Core.Weights;

/// <summary>How a tensor sees its storage, all in numbers; known to stay inside.</summary>
/// <param name="NumberSize">Bytes of one number.</param>
/// <param name="ByteCount">Bytes of the tensor once it lies without gaps.</param>
/// <param name="Offset">Index of its first number.</param>
/// <param name="Shape">Edge lengths.</param>
/// <param name="Strides">Steps between neighbours along each edge.</param>
internal sealed record StridedView(int NumberSize, long ByteCount, long Offset, long[] Shape, long[] Strides)
{
    private const int MostEdges = 64; // as PyTorch

    /// <summary>The view, or null where size, stride and offset don't fit each other or reach out of the storage.</summary>
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

    /// <summary>True where its numbers already lie row-major without gaps.</summary>
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

    /// <summary>Copies the view's numbers out, row-major without gaps.</summary>
    /// <param name="storage">The storage's bytes.</param>
    /// <param name="target">As many bytes as <see cref="ByteCount"/> says, more than 0.</param>
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
