using System.Numerics.Tensors;
using Trainer.Core.Wording;

namespace Trainer.Core.Gates;

/// <summary>The cosine that a share of the subject's photos reaches, judged by the few that lie farthest from the centroid.</summary>
/// <remarks>
/// Counting them is exact for any distribution, but of 40 photos the second-farthest decides alone, and another 40 would give another threshold.
/// Distances 1 − cosine of a trained gate have a heavy tail: most photos lie close together, a few far out. So the farthest are taken for a Pareto tail
/// (Hill 1975, doi:10.1214/aos/1176343247), and the quantile is read off it (Weissman 1978, doi:10.1080/01621459.1978.10480104): all of them have a say.
/// </remarks>
internal static class Tail
{
    /// <summary>Three times as many as are to be rejected: the quantile lies within the tail, not at its edge.</summary>
    private const double TimesTheRejected = 3;

    /// <summary>More of the photos than this aren't their tail: when more than this are to be rejected, they are counted.</summary>
    private const double MostOfAll = 0.2;

    /// <summary>Below it float32 can't tell a cosine from 1.</summary>
    private const double LeastDistance = 1e-6;

    /// <summary>The cosine that this share reaches; by counting where the tail has no photo, or isn't one.</summary>
    /// <param name="cosines">In any order, at least one.</param>
    /// <param name="share">Above 0, at most 1.</param>
    /// <returns>Not below the lowest of the cosines: beyond what was seen nothing is known.</returns>
    /// <exception cref="ArgumentException">There are no cosines, or the share is outside its range.</exception>
    public static float CosineReachedBy(double share, ReadOnlySpan<float> cosines)
    {
        var distances = new double[cosines.Length];
        for (var i = 0; i < distances.Length; i++)
        {
            distances[i] = 1 - (double)cosines[i];
        }

        var distance = (float)(1 - DistanceOf(share, distances));
        return distances.Length == 0 ? distance : Math.Max(distance, TensorPrimitives.Min(cosines));
    }

    /// <summary>The distance within which this share lies.</summary>
    /// <param name="distances">At least 0, in any order, at least one.</param>
    /// <param name="share">Above 0, at most 1.</param>
    /// <returns>Not above the largest of the distances.</returns>
    /// <inheritdoc cref="CosineReachedBy" path="/exception"/>
    public static double DistanceOf(double share, IReadOnlyCollection<double> distances)
    {
        ArgumentNullException.ThrowIfNull(distances);
        if (distances.Count == 0 || share is not (> 0 and <= 1))
        {
            throw new ArgumentException($"There is no quantile {share} of {Counted.Of(distances.Count, "distance")}.");
        }

        double[] farthest = [.. distances.OrderDescending()];
        var rejected = 1 - share;
        var size = (int)Math.Round(Math.Min(TimesTheRejected * rejected, MostOfAll) * farthest.Length);
        if (rejected >= MostOfAll || size == 0)
        {
            return farthest[Math.Min((int)Math.Floor((rejected * farthest.Length) + 1e-9), farthest.Length - 1)];
        }

        var edge = Log(farthest[size]);
        var excess = farthest.Take(size).Average(Log) - edge; // Hill's estimate of the tail's index
        return Math.Clamp(Math.Exp(edge + (excess * Math.Log(size / (rejected * farthest.Length)))), farthest[size], farthest[0]);
    }

    private static double Log(double distance) => Math.Log(Math.Max(distance, LeastDistance));
}
