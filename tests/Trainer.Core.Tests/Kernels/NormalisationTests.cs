using Trainer.Core.Kernels;
using Xunit;

namespace Trainer.Core.Tests.Kernels;

public sealed unsafe class NormalisationTests
{
    private const int Pictures = 3;
    private const int Rows = 300; // of all pictures
    private const int RowsOfPicture = Rows / Pictures;
    private const double Epsilon = 1e-5;

    /// <summary>Whole vectors and halves of them, alone and four at a time; and whether what is added is copied.</summary>
    public static TheoryData<int, bool> Widths => new() { { 24, false }, { 32, true }, { 40, true }, { 144, false }, { 144, true } };

    [Theory]
    [MemberData(nameof(Widths))]
    public void NormalisesByTheBatchsOwnMeanAndVariance(int channels, bool copies)
    {
        using Numbers z = new(Rows * channels, 1, 1, 5), y = new(Rows * channels, 2), weight = new(channels, 3), bias = new(channels, 4),
            plus = new(Rows * channels, 5), copy = new(Rows * channels, 6);
        var norm = new Normalisation(channels);

        Settle(norm, channels, z, weight, bias, copies ? copy.First : null);
        norm.Apply(z.First, y.First, Rows, plus.First, relu6: true);

        var (mean, variance) = Moments(z, channels);
        y.AreCloseTo(i =>
            Math.Clamp((weight[i % channels] * (z[i] - mean[i % channels]) / Math.Sqrt(variance[i % channels] + Epsilon))
            + bias[i % channels], 0, 6) + plus[i]);
        Assert.All(Enumerable.Range(0, channels), c => Assert.Equal(variance[c], norm.Variance[c], 1e-4));
        Assert.All(Enumerable.Range(0, channels), c => Assert.Equal(mean[c], norm.Mean[c], 1e-5));
        Assert.Equal(copies, z.Copy().SequenceEqual(copy.Copy()));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void GradientsAreThoseOfThePaper(int channels, bool copies)
    {
        using Numbers z = new(Rows * channels, 1, 1, 5), weight = new(channels, 3), bias = new(channels, 4), dy = new(Rows * channels, 5);
        using Numbers ofWeight = new(channels, 6, 0, 0), ofBias = new(channels, 7, 0, 0), copy = new(Rows * channels, 8);
        var norm = new Normalisation(channels);
        Settle(norm, channels, z, weight, bias, copy: null);
        var (mean, variance) = Moments(z, channels);
        var deviations = z.Copy().Select((value, i) => (value - mean[i % channels]) / Math.Sqrt(variance[i % channels] + Epsilon))
            .ToArray();

        ForEachBlock(channels, (picture, first, rows) =>
            norm.AddGradients(picture, dy.First + first, z.First + first, rows, copies ? copy.First + first : null));
        norm.SettleGradients(Rows, weight.First, Epsilon, ofWeight.First, ofBias.First);
        norm.ApplyGradients(dy.First, z.First, z.First, Rows);

        var sum = Sums(channels, (i, c) => dy[i]);
        var product = Sums(channels, (i, c) => dy[i] * deviations[i]);
        ofBias.AreCloseTo(c => sum[c]);
        ofWeight.AreCloseTo(c => product[c]);
        z.AreCloseTo(i =>
            weight[i % channels] / Math.Sqrt(variance[i % channels] + Epsilon) * (
            dy[i] - (sum[i % channels] / Rows) - (deviations[i] * product[i % channels] / Rows)));
        Assert.Equal(copies, dy.Copy().SequenceEqual(copy.Copy()));
    }

    [Fact]
    public void ABatchForgetsTheOneBefore()
    {
        const int Channels = 16;
        using Numbers before = new(Rows * Channels, 1, 7, 9), z = new(Rows * Channels, 2), weight = new(Channels, 3),
            bias = new(Channels, 4);
        Normalisation used = new(Channels), fresh = new(Channels);
        Settle(used, Channels, before, weight, bias, copy: null);
        used.AddGradients(0, before.First, before.First, Rows); // a backward pass that was broken off

        Settle(used, Channels, z, weight, bias, copy: null);

        Settle(fresh, Channels, z, weight, bias, copy: null);
        Assert.Equal(fresh.Mean, used.Mean);
        Assert.Equal(fresh.Variance, used.Variance);
    }

    private static void Settle(Normalisation norm, int channels, Numbers z, Numbers weight, Numbers bias, float* copy)
    {
        using var near = new Numbers(channels, 8, 2, 4);
        norm.Begin(Pictures, near.First);
        ForEachBlock(channels, (picture, first, rows) =>
            norm.Add(picture, z.First + first, rows, copy is null ? null : copy + first));
        norm.Settle(Rows, weight.First, bias.First, Epsilon);
    }

    /// <summary>Goes over each picture in two blocks of different size: which picture, its first value, and the rows.</summary>
    private static void ForEachBlock(int channels, Action<int, int, int> add)
    {
        const int RowsOfFirst = 37;
        for (var picture = 0; picture < Pictures; picture++)
        {
            add(picture, picture * RowsOfPicture * channels, RowsOfFirst);
            add(picture, ((picture * RowsOfPicture) + RowsOfFirst) * channels, RowsOfPicture - RowsOfFirst);
        }
    }

    private static (double[] Mean, double[] Variance) Moments(Numbers z, int channels)
    {
        var mean = Sums(channels, (i, c) => z[i] / (double)Rows);
        return (mean, Sums(channels, (i, c) => (z[i] - mean[c]) * (z[i] - mean[c]) / Rows));
    }

    private static double[] Sums(int channels, Func<int, int, double> value)
    {
        var sums = new double[channels];
        for (var i = 0; i < Rows * channels; i++)
        {
            sums[i % channels] += value(i, i % channels);
        }

        return sums;
    }
}
