using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Trainer.Core.Ranks;

/// <summary>Sums rows of numbers over all ranks in a binary tree of ranks, so that the sum is rounded in the same way for any number of
/// them.</summary>
/// <remarks>Each rank sums a slice, and then all take all slices: the traffic of a ring all-reduce, 2 (W − 1) / W times the row.
/// MPI_Allreduce leaves the order of additions to the library.</remarks>
/// <param name="length">Numbers in a row; a multiple of the ranks.</param>
internal sealed class RankSum(ICommunicator ranks, int length)
{
    private readonly float[] received = new float[ranks.Size == 1 ? 0 : length];

    /// <summary>Replaces the numbers by their sums over all ranks.</summary>
    public void Apply(Span<float> numbers)
    {
        if (ranks.Size == 1)
        {
            return;
        }

        var slice = length / ranks.Size;
        ranks.Exchange(MemoryMarshal.AsBytes(numbers), MemoryMarshal.AsBytes(received.AsSpan()));
        for (var apart = slice; apart < length; apart *= 2)
        {
            for (var at = 0; at < length; at += 2 * apart)
            {
                var sum = received.AsSpan(at, slice);
                TensorPrimitives.Add(sum, received.AsSpan(at + apart, slice), sum);
            }
        }

        ranks.Gather(MemoryMarshal.AsBytes(received.AsSpan(0, slice)), MemoryMarshal.AsBytes(numbers));
    }
}
