namespace Trainer.Core.Metrics;

/// <summary>Area under the precision-recall curve: the precision of the accepted pictures, over all thresholds.</summary>
internal static class Aupr
{
    /// <summary>
    /// Average precision: the precision at each normal's cosine, averaged over the normals. Equal cosines are counted together.
    /// </summary>
    /// <param name="normals">Cosines of the normals, in any order.</param>
    /// <param name="negatives">Cosines of the negatives, in any order.</param>
    /// <returns>0 to 1, where chance gives the share of normals; NaN when either side is empty.</returns>
    public static double Of(ReadOnlySpan<float> normals, ReadOnlySpan<float> negatives)
    {
        if (normals.IsEmpty || negatives.IsEmpty)
        {
            return double.NaN;
        }

        float[] good = normals.ToArray(), bad = negatives.ToArray();
        Array.Sort(good);
        Array.Sort(bad);
        int accepted = 0, passed = 0;
        double sum = 0;
        while (accepted < good.Length)
        {
            var cosine = good[^(accepted + 1)];
            var before = accepted;
            do
            {
                accepted++; // must advance at least once, as NaN from a diverged network isn't equal even to itself
            }
            while (accepted < good.Length && good[^(accepted + 1)] == cosine);

            while (passed < bad.Length && bad[^(passed + 1)] >= cosine)
            {
                passed++;
            }

            sum += (accepted - before) * ((double)accepted / (accepted + passed));
        }

        return sum / good.Length;
    }
}
