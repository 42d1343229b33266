using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Trainer.Core.Kernels.Statistics;

/// <summary>
/// The mean m and the standard deviation √(mean((x − m)²) + ε) of each channel over a picture's places; and their gradients.
/// </summary>
internal static unsafe class MapMoments
{
    private const int PlacesInSum = 16; // places summed in single precision; these sums are then added in double precision

    /// <summary>Computes the means and deviations, [channels] each, of a feature map [places, channels].</summary>
    /// <param name="channels">A multiple of 8.</param>
    /// <param name="means">Written, like <paramref name="deviations"/>.</param>
    public static void Forward(float* map, int places, int channels, double epsilon, float* means, float* deviations)
    {
        nint channel = 0;
        for (; Vector512.IsHardwareAccelerated && channel + Lanes16.Count <= channels; channel += Lanes16.Count)
        {
            Measure<Lanes16>(map + channel, places, channels, epsilon, means + channel, deviations + channel);
        }

        for (; channel < channels; channel += Lanes8.Count)
        {
            Measure<Lanes8>(map + channel, places, channels, epsilon, means + channel, deviations + channel);
        }
    }

    /// <summary>Adds the feature map's gradients to <paramref name="result"/>.</summary>
    /// <param name="map">The same as for <see cref="Forward"/>, like the means and deviations that it computed.</param>
    /// <param name="ofMeans">Gradients of the means, [channels].</param>
    /// <param name="ofDeviations">Gradients of the deviations, [channels].</param>
    /// <param name="result">[places, channels], added to.</param>
    public static void Backward(
        float* map, int places, int channels, float* means, float* deviations, float* ofMeans, float* ofDeviations, float* result)
    {
        nint channel = 0;
        for (; Vector512.IsHardwareAccelerated && channel + Lanes16.Count <= channels; channel += Lanes16.Count)
        {
            Spread<Lanes16>(map + channel, places, channels, means + channel, deviations + channel, ofMeans + channel,
                ofDeviations + channel, result + channel);
        }

        for (; channel < channels; channel += Lanes8.Count)
        {
            Spread<Lanes8>(map + channel, places, channels, means + channel, deviations + channel, ofMeans + channel,
                ofDeviations + channel, result + channel);
        }
    }

    /// <summary>
    /// Measures one vector of channels. The first pass computes the mean. The second sums the differences from it; their own mean corrects
    /// the rounding of the first.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Measure<T>(float* x, int places, nint channels, double epsilon, float* means, float* deviations)
        where T : struct, ILanes<T>
    {
        double* sums = stackalloc double[T.Count], squares = stackalloc double[T.Count];
        new Span<double>(sums, T.Count).Clear();
        new Span<double>(squares, T.Count).Clear();
        for (var first = 0; first < places; first += PlacesInSum)
        {
            var sum = T.Zero;
            for (nint place = first; place < Math.Min(places, first + PlacesInSum); place++)
            {
                sum += T.Load(x + (place * channels));
            }

            sum.AddTo(sums);
        }

        for (var i = 0; i < T.Count; i++)
        {
            means[i] = (float)(sums[i] / places);
            sums[i] = 0;
        }

        var mean = T.Load(means);
        for (var first = 0; first < places; first += PlacesInSum)
        {
            T sum = T.Zero, square = T.Zero;
            for (nint place = first; place < Math.Min(places, first + PlacesInSum); place++)
            {
                var rest = T.Load(x + (place * channels)) - mean;
                sum += rest;
                square = T.MultiplyAdd(rest, rest, square);
            }

            sum.AddTo(sums);
            square.AddTo(squares);
        }

        for (var i = 0; i < T.Count; i++)
        {
            var rest = sums[i] / places;
            means[i] = (float)(means[i] + rest);
            deviations[i] = (float)Math.Sqrt(Math.Max((squares[i] / places) - (rest * rest), 0) + epsilon);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread<T>(
        float* x, int places, nint channels, float* means, float* deviations, float* ofMeans, float* ofDeviations, float* result)
        where T : struct, ILanes<T>
    {
        float* slopes = stackalloc float[T.Count];
        for (var i = 0; i < T.Count; i++)
        {
            slopes[i] = (float)(ofDeviations[i] / ((double)places * deviations[i]));
        }

        var (mean, slope, constant) = (T.Load(means), T.Load(slopes), T.Load(ofMeans) / places);
        for (nint place = 0; place < places; place++)
        {
            var at = place * channels;
            T.MultiplyAdd(T.Load(x + at) - mean, slope, T.Load(result + at) + constant).Store(result + at);
        }
    }
}
