using System.Numerics;

namespace Trainer.Core.Catalog;

/// <summary>Puts things together that are the same, directly or by way of others; only those whose 64-bit hashes differ in a few bits are compared.</summary>
internal static class NearGroups
{
    /// <summary>The group of each thing: the index of its first member.</summary>
    /// <remarks>
    /// Hashes that differ in at most b bits agree in one of b + 1 pieces at least, so only those are compared: 118,000 take seconds,
    /// where all pairs would be seven billion.
    /// </remarks>
    /// <param name="hashes">One for each thing.</param>
    /// <param name="others">A second one for each, compared with the first ones of all others: such as that of the mirrored picture. Or none at all.</param>
    /// <param name="bits">0 to 15.</param>
    /// <param name="same">Decides about two things whose hashes are near; asked seldom.</param>
    public static int[] Of(IReadOnlyList<ulong> hashes, IReadOnlyList<ulong> others, int bits, Func<int, int, bool> same)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        ArgumentNullException.ThrowIfNull(others);
        ArgumentNullException.ThrowIfNull(same);
        ArgumentOutOfRangeException.ThrowIfNegative(bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 15);
        var first = Enumerable.Range(0, hashes.Count).ToArray();
        ulong[] all = [.. hashes, .. others];
        for (var piece = 0; piece <= bits; piece++)
        {
            int from = 64 * piece / (bits + 1), to = 64 * (piece + 1) / (bits + 1);
            var mask = (ulong.MaxValue >> (64 - (to - from))) << from;
            foreach (var candidates in Enumerable.Range(0, all.Length).GroupBy(i => all[i] & mask))
            {
                Join([.. candidates], all, bits, same, first);
            }
        }

        return [.. first.Select((_, i) => Root(first, i))];
    }

    /// <param name="candidates">In rising order, so the first ones of the things come before the second ones.</param>
    private static void Join(int[] candidates, ulong[] hashes, int bits, Func<int, int, bool> same, int[] first)
    {
        for (var a = 0; a < candidates.Length && candidates[a] < first.Length; a++)
        {
            for (var b = a + 1; b < candidates.Length; b++)
            {
                if (BitOperations.PopCount(hashes[candidates[a]] ^ hashes[candidates[b]]) <= bits)
                {
                    JoinIfSame(candidates[a], candidates[b] % first.Length, same, first);
                }
            }
        }
    }

    private static void JoinIfSame(int one, int other, Func<int, int, bool> same, int[] first)
    {
        int x = Root(first, one), y = Root(first, other);
        if (x != y && same(one, other))
        {
            first[Math.Max(x, y)] = Math.Min(x, y);
        }
    }

    private static int Root(int[] first, int i)
    {
        while (first[i] != i)
        {
            i = first[i] = first[first[i]];
        }

        return i;
    }
}
