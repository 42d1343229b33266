namespace Trainer.Core.Metrics;

/// <summary>How far a figure would move if other pictures of the same kind had been taken.</summary>
public static class Bootstrap
{
    /// <summary>Resamples that an interval is read from.</summary>
    public const int Resamples = 1000;

    private const ulong Purpose = 0x424F4F54; // "BOOT"

    /// <summary>A figure that compares two sets of cosines.</summary>
    public delegate double Figure(ReadOnlySpan<float> normals, ReadOnlySpan<float> negatives);

    /// <summary>The middle 95 % of the figure over resampled sets (Efron 1979, percentiles). The same input gives the same interval.</summary>
    /// <returns>NaN on both sides when either set is empty.</returns>
    public static (double Low, double High) Interval(float[] normals, float[] negatives, Figure figure)
    {
        ArgumentNullException.ThrowIfNull(normals);
        ArgumentNullException.ThrowIfNull(negatives);
        ArgumentNullException.ThrowIfNull(figure);
        if (normals.Length == 0 || negatives.Length == 0)
        {
            return (double.NaN, double.NaN);
        }

        var figures = new double[Resamples];
        Parallel.For(0, Resamples, i =>
        {
            var random = new CounterRandom(Purpose, (ulong)i);
            figures[i] = figure(Draw(normals, ref random), Draw(negatives, ref random));
        });
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
