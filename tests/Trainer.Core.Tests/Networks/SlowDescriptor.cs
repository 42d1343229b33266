namespace Trainer.Core.Tests.Networks;

/// <summary>
/// The statistics and the descriptor of one picture by plain loops in float64, with the definition's numbers written out.
/// </summary>
internal static class SlowDescriptor
{
    private static readonly int[] Blocks = [3, 6, 10, 13, 16, 17];

    /// <summary>Means and deviations of each depth, then block 6's covariances.</summary>
    /// <param name="maps">By block, [C][places].</param>
    public static double[] Statistics(IReadOnlyDictionary<int, double[][]> maps) =>
        [.. Blocks.SelectMany(block => maps[block].Select(Mean).Concat(maps[block].Select(Deviation))), .. Covariances(maps[6])];

    /// <summary>The roots, with each group scaled to length 1.</summary>
    public static double[] Of(double[] statistics)
    {
        var roots = statistics.Select(x => x / Math.Sqrt(Math.Abs(x) + 1e-4)).ToArray();
        var first = 0;
        foreach (var size in new[] { 2 * 24, 2 * 32, 2 * 64, 2 * 96, 2 * 160, 2 * 320, 496 })
        {
            var length = Math.Sqrt(roots.Skip(first).Take(size).Sum(root => root * root));
            for (var i = first; i < first + size; i++)
            {
                roots[i] /= length;
            }

            first += size;
        }

        return roots;
    }

    public static double Mean(double[] x) => x.Sum() / x.Length;

    public static double Deviation(double[] x) => Math.Sqrt(Covariance(x, x) + 1e-6);

    public static IEnumerable<double> Covariances(double[][] map)
    {
        for (var i = 0; i < map.Length; i++)
        {
            for (var j = i + 1; j < map.Length; j++)
            {
                yield return Covariance(map[i], map[j]);
            }
        }
    }

    private static double Covariance(double[] x, double[] y)
    {
        var (ofX, ofY) = (Mean(x), Mean(y));
        return x.Zip(y, (a, b) => (a - ofX) * (b - ofY)).Sum() / x.Length;
    }
}
