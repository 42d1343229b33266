using System.Numerics.Tensors;
using Trainer.Core.Wording;

namespace Trainer.Core.Gates;

/// <summary>Estimates the cosine that a given share of the subject's photos reaches, from the photos farthest from the centroid.</summary>
/// <remarks>
/// An empirical quantile is right for any distribution, but with 40 photos it depends on the second-farthest alone, and 40 other photos
/// would give another threshold. The distances 1 − cosine of a trained gate have a heavy tail: most photos are close together and a few are
/// far out. So the farthest photos are modelled as a Pareto tail (Hill 1975, doi:10.1214/aos/1176343247), whose quantile is used (Weissman
/// 1978, doi:10.1080/01621459.1978.10480104). That way all of these photos influence the threshold.
/// </remarks>
internal static class Tail
{
    /// <summary>
    /// The tail is three times as large as the share to be rejected, so the quantile lies within the tail and not at its edge.
    /// </summary>
    private const double TimesTheRejected = 3;

    /// <summary>
    /// The largest share of the photos that is modelled as a tail. To reject this share or more, the empirical quantile is used.
    /// </summary>
    private const double MostOfAll = 0.2;

    /// <summary>At smaller distances float32 can't tell the cosine from 1.</summary>
    private const double LeastDistance = 1e-6;

    /// <summary>
    /// The cosine that this share of the photos reaches. If the tail has no photos, or would be too large, it is the empirical quantile.
    /// </summary>
    /// <param name="cosines">In any order, at least one.</param>
    /// <param name="share">Above 0, at most 1.</param>
    /// <returns>At least the lowest of the cosines, since nothing is known beyond it.</returns>
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

    /// <summary>The distance within which this share of the photos lies.</summary>
    /// <param name="distances">Distances of 0 or more, in any order, at least one.</param>
    /// <param name="share">Above 0, at most 1.</param>
    /// <returns>At most the largest of the distances.</returns>
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
