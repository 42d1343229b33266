namespace Trainer.Core.Imaging;

/// <summary>How a result pixel is computed from the source pixels around it.</summary>
public enum ResampleFilter
{
    /// <summary>A triangle that widens with the shrink factor: the contract of <see cref="Preprocessing"/>.</summary>
    Antialiased,

    /// <summary>A triangle of two source pixels, however much the picture shrinks: the "bilinear" of many camera libraries.</summary>
    Bilinear,

    /// <summary>Only the nearest source pixel.</summary>
    Nearest,

    /// <summary>Lanczos' windowed sinc with three lobes, which widens with the shrink factor.</summary>
    Lanczos,
}

/// <summary>The source pixels of one result pixel along an axis, and their weights, which sum to 1.</summary>
internal readonly record struct ResampleTaps(int Start, float[] Weights)
{
    private const double Lobes = 3;

    public static ResampleTaps[] For(double offset, double length, int sourceSize, int resultSize, ResampleFilter filter)
    {
        var scale = length / resultSize;
        var stretch = filter is ResampleFilter.Antialiased or ResampleFilter.Lanczos ? Math.Max(scale, 1) : 1;
        var reach = stretch * filter switch
        {
            ResampleFilter.Lanczos => Lobes,
            ResampleFilter.Nearest => 0.5,
            _ => 1,
        };
        var low = (int)Math.Floor(offset);
        var high = Math.Min((int)Math.Ceiling(offset + length), sourceSize);
        var taps = new ResampleTaps[resultSize];
        for (var i = 0; i < resultSize; i++)
        {
            var centre = offset + ((i + 0.5) * scale);
            var start = Math.Clamp((int)(centre - reach + 0.5), low, high - 1);
            var end = Math.Min((int)(centre + reach + 0.5), high);
            var weights = new double[Math.Max(end - start, 1)];
            for (var j = 0; j < weights.Length; j++)
            {
                weights[j] = Weight(filter, (start + j + 0.5 - centre) / stretch);
            }

            var sum = weights.Sum();
            taps[i] = new ResampleTaps(start, Array.ConvertAll(weights, w => sum == 0 ? 1f / weights.Length : (float)(w / sum)));
        }

        return taps;
    }

    /// <param name="distance">Distance from the result pixel's centre, in source pixels, or in result pixels if the filter widens.</param>
    private static double Weight(ResampleFilter filter, double distance) => filter switch
    {
        ResampleFilter.Lanczos => Math.Abs(distance) < Lobes ? Sinc(distance) * Sinc(distance / Lobes) : 0,
        ResampleFilter.Nearest => 1,
        _ => Math.Max(1 - Math.Abs(distance), 0),
    };

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}
