using System.Runtime.InteropServices;

namespace Trainer.Core.Ranks;

/// <summary>Work on a sequence, shared out: it is cut into portions at places that depend on its length alone, and each rank does as many
/// of them.</summary>
/// <param name="ranks">Who works.</param>
/// <param name="count">How many portions there are, a power of two; at least as many as ranks.</param>
internal sealed class Portions(ICommunicator ranks, int count)
{
    /// <summary>All of it by one process, in one go.</summary>
    public static Portions Whole { get; } = new(new SingleRank(), 1);

    /// <summary>Ranks that work at the same time.</summary>
    public int Workers => ranks.Size;

    /// <summary>This rank's portions in their order.</summary>
    /// <param name="length">Of the sequence.</param>
    public IEnumerable<Portion> Own(int length)
    {
        var each = count / ranks.Size;
        return Enumerable.Range(ranks.Rank * each, each).Select(number => new Portion(number, Bound(number), Bound(number + 1)));

        int Bound(int number) => (int)((long)length * number / count);
    }

    /// <summary>What stops the work on a portion: with several ranks nothing but <see cref="OfAll"/>, since one that stops alone would
    /// leave the others waiting.</summary>
    public CancellationToken Within(CancellationToken cancel) => ranks.Size == 1 ? cancel : CancellationToken.None;

    /// <summary>Every rank's bytes, in the order of the ranks.</summary>
    /// <param name="own">This rank's; as many as it likes.</param>
    /// <exception cref="OperationCanceledException">One of the ranks was asked to stop.</exception>
    public IEnumerable<byte[]> OfAll(byte[] own, CancellationToken cancel)
    {
        ranks.ThrowIfAnyStops(cancel);
        return ranks.GatherAny(own);
    }

    /// <summary>Joins what all ranks found.</summary>
    /// <param name="own">Values that this rank found, in the order of its portions.</param>
    /// <exception cref="OperationCanceledException">One of the ranks was asked to stop.</exception>
    public T[] OfAll<T>(T[] own, CancellationToken cancel)
        where T : unmanaged => ranks.Size == 1
        ? own
        : [.. OfAll(MemoryMarshal.AsBytes(own.AsSpan()).ToArray(), cancel)
            .SelectMany(bytes => MemoryMarshal.Cast<byte, T>(bytes).ToArray())];
}

/// <summary>Part of a sequence.</summary>
/// <param name="Number">0-based.</param>
/// <param name="Start">Index of its first thing.</param>
/// <param name="End">Index behind its last.</param>
internal readonly record struct Portion(int Number, int Start, int End)
{
    /// <summary>Its things.</summary>
    public IReadOnlyList<T> Of<T>(IReadOnlyList<T> all)
    {
        var (start, end) = (Start, End);
        return start == 0 && end == all.Count ? all : [.. Enumerable.Range(start, end - start).Select(i => all[i])];
    }
}
