using Trainer.Core.Ranks;

namespace Trainer.Core.Tests.Ranks;

/// <summary>Ranks that are threads of this process.</summary>
internal static class MemoryRanks
{
    /// <summary>Has each rank do the work on a thread of its own.</summary>
    /// <returns>What each came to, by rank.</returns>
    public static T[] Run<T>(int size, Func<ICommunicator, T> work)
    {
        using var meeting = new Barrier(size);
        var places = new byte[size][];
        Exception? failure = null;
        var results = new T[size];
        var threads = Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                results[rank] = work(new Member(rank, places, meeting));
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
                meeting.RemoveParticipant(); // the others would wait for ever
            }
        })
        { IsBackground = true }).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return failure is null ? results : throw failure;
    }

    private sealed class Member(int rank, byte[][] places, Barrier meeting) : ICommunicator
    {
        public int Rank => rank;

        public int Size => places.Length;

        public void Exchange(ReadOnlySpan<byte> slices, Span<byte> received)
        {
            var slice = slices.Length / Size;
            Show(slices);
            for (var other = 0; other < Size; other++)
            {
                places[other].AsSpan(rank * slice, slice).CopyTo(received[(other * slice)..]);
            }

            meeting.SignalAndWait();
        }

        public void Gather(ReadOnlySpan<byte> own, Span<byte> all)
        {
            Show(own);
            places.SelectMany(bytes => bytes).ToArray().CopyTo(all);
            meeting.SignalAndWait();
        }

        public void Broadcast(Span<byte> data, int from)
        {
            Show(data);
            places[from].CopyTo(data);
            meeting.SignalAndWait();
        }

        public void Dispose()
        {
        }

        private void Show(ReadOnlySpan<byte> bytes)
        {
            places[rank] = bytes.ToArray();
            meeting.SignalAndWait();
        }
    }
}
