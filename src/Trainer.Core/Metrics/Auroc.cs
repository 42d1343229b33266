namespace Trainer.Core.Metrics;

/// <summary>Area under the ROC curve: the probability that a random normal is nearer to the centroid than a random negative.</summary>
public static class Auroc
{
    /// <summary>Counts the pairs by rank; a tie counts half (Mann and Whitney 1947).</summary>
    /// <param name="normals">Cosines of the normals, in any order.</param>
    /// <param name="negatives">Cosines of the negatives, in any order.</param>
    /// <returns>0 to 1; 0.5 is chance; NaN when either side is empty.</returns>
    public static double Of(ReadOnlySpan<float> normals, ReadOnlySpan<float> negatives)
    {
        if (normals.IsEmpty || negatives.IsEmpty)
        {
            return double.NaN;
        }

        var sorted = negatives.ToArray();
        Array.Sort(sorted);
        double wins = 0;
        foreach (var cosine in normals)
        {
            var (below, equal) = Rank(sorted, cosine);
            wins += below + (0.5 * equal);
        }

        return wins / ((double)normals.Length * negatives.Length);
    }

    private static (int Below, int Equal) Rank(float[] sorted, float value)
    {
        var below = FirstIndexWhere(sorted, other => other >= value);
        return (below, FirstIndexWhere(sorted, other => other > value) - below);
    }

    private static int FirstIndexWhere(float[] sorted, Func<float, bool> holds)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = holds(sorted[middle]) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
