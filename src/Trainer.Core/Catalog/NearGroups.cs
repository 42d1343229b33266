namespace Trainer.Core.Catalog;

/// <summary>Puts things together whose 64-bit hashes differ in a few bits, directly or by way of others.</summary>
public static class NearGroups
{
    /// <summary>The group of each hash: the index of its first member.</summary>
    /// <remarks>
    /// Hashes that differ in at most b bits agree in one of b + 1 pieces at least, so only those are compared: 118,000 take seconds,
    /// where all pairs would be seven billion.
    /// </remarks>
    /// <param name="hashes">In any order.</param>
    /// <param name="bits">0 to 15.</param>
    public static int[] Of(IReadOnlyList<ulong> hashes, int bits)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        ArgumentOutOfRangeException.ThrowIfNegative(bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 15);
        var first = Enumerable.Range(0, hashes.Count).ToArray();
        for (var piece = 0; piece <= bits; piece++)
        {
            int from = 64 * piece / (bits + 1), to = 64 * (piece + 1) / (bits + 1);
            var mask = (ulong.MaxValue >> (64 - (to - from))) << from;
            foreach (var same in Enumerable.Range(0, hashes.Count).GroupBy(i => hashes[i] & mask))
            {
                Join([.. same], hashes, bits, first);
            }
        }

        return [.. first.Select((_, i) => Root(first, i))];
    }

    private static void Join(int[] candidates, IReadOnlyList<ulong> hashes, int bits, int[] first)
    {
        for (var a = 0; a < candidates.Length; a++)
        {
            for (var b = a + 1; b < candidates.Length; b++)
            {
                if (System.Numerics.BitOperations.PopCount(hashes[candidates[a]] ^ hashes[candidates[b]]) <= bits)
                {
                    int x = Root(first, candidates[a]), y = Root(first, candidates[b]);
                    first[Math.Max(x, y)] = Math.Min(x, y);
                }
            }
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
