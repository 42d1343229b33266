using System.Runtime.InteropServices;

namespace Trainer.Core.Ranks;

/// <summary>What ranks do together, made of the operations that each communicator has.</summary>
internal static class Together
{
    /// <summary>Ends the work on all ranks if any of them was asked to end it.</summary>
    /// <exception cref="OperationCanceledException">One was.</exception>
    public static void ThrowIfAnyStops(this ICommunicator ranks, CancellationToken cancel)
    {
        Span<byte> all = stackalloc byte[ranks.Size];
        ranks.Gather([cancel.IsCancellationRequested ? (byte)1 : (byte)0], all);
        if (all.Contains((byte)1))
        {
            throw new OperationCanceledException(cancel);
        }
    }

    /// <summary>Every rank's bytes, in the order of the ranks; one after the other, so that they needn't be in memory at once.</summary>
    public static IEnumerable<byte[]> GatherAny(this ICommunicator ranks, byte[] own)
    {
        var lengths = new int[ranks.Size];
        ranks.Gather(MemoryMarshal.AsBytes<int>([own.Length]), MemoryMarshal.AsBytes(lengths.AsSpan()));
        for (var rank = 0; rank < lengths.Length; rank++)
        {
            var bytes = rank == ranks.Rank ? own : new byte[lengths[rank]];
            ranks.Broadcast(bytes, rank);
            yield return bytes;
        }
    }

    /// <summary>The leader's bytes.</summary>
    /// <param name="own">On the leader what it gives; else of no matter.</param>
    public static byte[] OfLeader(this ICommunicator ranks, byte[] own)
    {
        int[] length = [own.Length];
        ranks.Broadcast(MemoryMarshal.AsBytes(length.AsSpan()), from: 0);
        var bytes = ranks.IsLeader ? own : new byte[length[0]];
        ranks.Broadcast(bytes, from: 0);
        return bytes;
    }
}
