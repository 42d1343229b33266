using Trainer.Core.Kernels.Statistics;
using Trainer.Core.Tests.Networks;
using Xunit;

namespace Trainer.Core.Tests.Kernels;

/// <summary>
/// Compares means, deviations and covariances of a map with plain loops, and their gradients with finite differences of these.
/// </summary>
public sealed unsafe class MapStatisticsTests
{
    private const double Epsilon = 1e-6;
    private const double Tolerance = 1e-6;
    private const double Step = 1e-6; // of finite differences, in float64

    /// <summary>Places and channels of blocks 3 and 17, and a number of places that isn't a multiple of 16 or 32.</summary>
    public static TheoryData<int, int> Sizes => new() { { 1024, 24 }, { 16, 320 }, { 49, 160 }, { 1, 8 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void MeansAndDeviationsAreThoseOfPlainLoops(int places, int channels)
    {
        using Numbers map = new(places * channels, 1, 2, 5), means = new(channels, 2), deviations = new(channels, 3);

        MapMoments.Forward(map.First, places, channels, Epsilon, means.First, deviations.First);

        var slow = Channels(map, places, channels);
        AreClose(slow.Select(SlowDescriptor.Mean), means.Copy());
        AreClose(slow.Select(SlowDescriptor.Deviation), deviations.Copy());
    }

    /// <summary>If the mean is a thousand times the deviation, the deviation must not lose digits.</summary>
    [Fact]
    public void DeviationsBesideALargeMeanKeepTheirDigits()
    {
        using Numbers map = new(1024 * 8, 1, 1000, 1001), means = new(8, 2), deviations = new(8, 3);

        MapMoments.Forward(map.First, 1024, 8, Epsilon, means.First, deviations.First);

        AreClose(Channels(map, 1024, 8).Select(SlowDescriptor.Deviation), deviations.Copy());
    }

    [Theory]
    [InlineData(256, 32)]
    [InlineData(49, 64)]
    public void CovariancesAreThoseOfPlainLoops(int places, int channels)
    {
        using Numbers map = new(places * channels, 1, 2, 5), means = new(channels, 2), deviations = new(channels, 3),
            result = new(channels * (channels - 1) / 2, 4);

        MapMoments.Forward(map.First, places, channels, Epsilon, means.First, deviations.First);
        MapCovariances.Forward(map.First, places, channels, means.First, result.First);

        // variances are 0.75
        Assert.Equal(SlowDescriptor.Covariances(Channels(map, places, channels)), result.Copy().Select(value => (double)value), (a, b) =>
            Math.Abs(a - b) < Tolerance);
    }

    [Fact]
    public void GradientsAreThoseOfFiniteDifferences()
    {
        const int Places = 9, Width = 32, Pairs = Width * (Width - 1) / 2;
        using Numbers map = new(Places * Width, 1), means = new(Width, 2), deviations = new(Width, 3), covariances = new(Pairs, 4);
        using Numbers ofMeans = new(Width, 5), ofDeviations = new(Width, 6), ofCovariances = new(Pairs, 7), result = new(Places * Width, 8);
        var before = result.Copy();
        MapMoments.Forward(map.First, Places, Width, Epsilon, means.First, deviations.First);

        MapMoments.Backward(map.First, Places, Width, means.First, deviations.First, ofMeans.First, ofDeviations.First, result.First);
        MapCovariances.Backward(map.First, Places, Width, means.First, ofCovariances.First, result.First);

        var slow = Channels(map, Places, Width);
        result.AreCloseTo(i =>
        {
            ref var moved = ref slow[i % Width][i / Width];
            var x = moved;
            moved = x + Step;
            var above = Sum();
            moved = x - Step;
            var below = Sum();
            moved = x;
            return before[i] + ((above - below) / (2 * Step));
        });

        double Sum() => Weighted(slow.Select(SlowDescriptor.Mean), ofMeans) + Weighted(slow.Select(SlowDescriptor.Deviation), ofDeviations)
            + Weighted(SlowDescriptor.Covariances(slow), ofCovariances);

        static double Weighted(IEnumerable<double> values, Numbers weights) => values.Select((value, i) => value * weights[i]).Sum();
    }

    private static double[][] Channels(Numbers map, int places, int channels) =>
        [.. Enumerable.Range(0, channels)
            .Select(channel => Enumerable.Range(0, places).Select(place => (double)map[(place * channels) + channel]).ToArray())];

    private static void AreClose(IEnumerable<double> expected, float[] actual) =>
        Assert.Equal(expected, actual.Select(value => (double)value), (a, b) => Math.Abs(a - b) <= Tolerance * Math.Abs(a));
}
