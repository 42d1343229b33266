using System.Numerics;

namespace Trainer.Core.Catalog;

/// <summary>
/// Groups items that are the same, directly or through other items. Only items whose 64-bit hashes differ in few bits are compared.
/// </summary>
internal static class NearGroups
{
    /// <summary>The group of each item, named by the index of its first member.</summary>
    /// <remarks>
    /// If a hash is cut into b + 1 pieces, two hashes that differ in at most b bits agree in at least one piece. So only items with an
    /// equal piece are compared: 118,000 items take seconds, although they make seven billion pairs.
    /// </remarks>
    /// <param name="hashes">One hash for each item.</param>
    /// <param name="others">
    /// A second hash for each item, such as that of the mirrored picture, which is compared with the first hashes of the other items; or
    /// empty.
    /// </param>
    /// <param name="bits">The largest number of bits in which near hashes differ, 0 to 15.</param>
    /// <param name="same">Decides whether two items with near hashes are the same; called rarely.</param>
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

    /// <param name="candidates">
    /// Indices into both lists of hashes in ascending order, so an item's first hash comes before any second hash.
    /// </param>
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
