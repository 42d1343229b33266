using Trainer.Core.Randomness;

namespace Trainer.Core.Metrics;

/// <summary>Estimates how much a figure would change with other pictures of the same kind.</summary>
internal static class Bootstrap
{
    /// <summary>How many resamples an interval is computed from.</summary>
    public const int Resamples = 1000;

    private const ulong Purpose = 0x424F4F54; // "BOOT"

    /// <summary>A figure that compares two sets of cosines.</summary>
    public delegate double Figure(ReadOnlySpan<float> normals, ReadOnlySpan<float> negatives);

    /// <summary>
    /// The middle 95 % of the figure over resampled sets (percentile interval, Efron 1979). The same input gives the same interval.
    /// </summary>
    /// <returns>NaN on both sides when either set is empty.</returns>
    public static (double Low, double High) Interval(float[] normals, float[] negatives, Figure figure)
    {
        ArgumentNullException.ThrowIfNull(normals);
        ArgumentNullException.ThrowIfNull(negatives);
        ArgumentNullException.ThrowIfNull(figure);
        return normals.Length == 0 || negatives.Length == 0 ? (double.NaN, double.NaN) : Middle(Figures(normals, negatives, figure));
    }

    /// <summary>
    /// The interval of the difference between two gates' figures on the same pictures. Both gates get the same resampled pictures.
    /// </summary>
    /// <param name="one">The first gate's cosines of the normals and the negatives.</param>
    /// <param name="other">The second gate's cosines, in the same order.</param>
    /// <returns>NaN on both sides when either set is empty.</returns>
    public static (double Low, double High) IntervalOfDifference(
        (float[] Normals, float[] Negatives) one, (float[] Normals, float[] Negatives) other, Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        if (one.Normals.Length != other.Normals.Length || one.Negatives.Length != other.Negatives.Length)
        {
            throw new ArgumentException("Both gates have to judge the same pictures.");
        }

        return one.Normals.Length == 0 || one.Negatives.Length == 0
            ? (double.NaN, double.NaN)
            : Middle([.. Figures(one.Normals, one.Negatives, figure)
                .Zip(Figures(other.Normals, other.Negatives, figure), (a, b) => a - b)]);
    }

    /// <summary>Resample i draws the same indices for all sets of the same sizes.</summary>
    private static double[] Figures(float[] normals, float[] negatives, Figure figure)
    {
        var figures = new double[Resamples];
        Parallel.For(0, Resamples, i =>
        {
            var random = new CounterRandom(Purpose, (ulong)i);
            figures[i] = figure(Draw(normals, ref random), Draw(negatives, ref random));
        });
        return figures;
    }

    private static (double Low, double High) Middle(double[] figures)
    {
        Array.Sort(figures);
        return (figures[(int)(0.025 * Resamples)], figures[(int)(0.975 * Resamples)]);
    }

    private static float[] Draw(float[] values, ref CounterRandom random)
    {
        var drawn = new float[values.Length];
        for (var i = 0; i < drawn.Length; i++)
        {
            drawn[i] = values[random.Next(values.Length)];
        }

        return drawn;
    }
}
