using Trainer.Core.Kernels;
using Xunit;

namespace Trainer.Core.Tests.Kernels;

public sealed unsafe class NormalisationTests
{
    private const int Pictures = 3;
    private const int Rows = 300; // of all pictures
    private const int Channels = 24;
    private const double Epsilon = 1e-5;

    [Fact]
    public void NormalisesByTheBatchsOwnMeanAndVariance()
    {
        using Numbers z = new(Rows * Channels, 1, 1, 5), y = new(Rows * Channels, 2), weight = new(Channels, 3), bias = new(Channels, 4),
            plus = new(Rows * Channels, 5);
        var norm = new Normalisation(Channels);

        Settle(norm, z, weight, bias);
        norm.Apply(z.First, y.First, Rows, plus.First, relu6: true);

        var (mean, variance) = Moments(z);
        y.AreCloseTo(i =>
            Math.Clamp((weight[i % Channels] * (z[i] - mean[i % Channels]) / Math.Sqrt(variance[i % Channels] + Epsilon))
            + bias[i % Channels], 0, 6) + plus[i]);
        Assert.All(Enumerable.Range(0, Channels), c => Assert.Equal(variance[c], norm.Variance[c], 1e-4));
        Assert.All(Enumerable.Range(0, Channels), c => Assert.Equal(mean[c], norm.Mean[c], 1e-5));
    }

    [Fact]
    public void GradientsAreThoseOfThePaper()
    {
        using Numbers z = new(Rows * Channels, 1, 1, 5), weight = new(Channels, 3), bias = new(Channels, 4), dy = new(Rows * Channels, 5);
        using Numbers ofWeight = new(Channels, 6, 0, 0), ofBias = new(Channels, 7, 0, 0);
        var norm = new Normalisation(Channels);
        Settle(norm, z, weight, bias);
        var (mean, variance) = Moments(z);
        var deviations = z.Copy().Select((value, i) => (value - mean[i % Channels]) / Math.Sqrt(variance[i % Channels] + Epsilon))
            .ToArray();

        for (var picture = 0; picture < Pictures; picture++)
        {
            var first = picture * Rows / Pictures * Channels;
            norm.AddGradients(picture, dy.First + first, z.First + first, Rows / Pictures);
        }

        norm.SettleGradients(Rows, weight.First, Epsilon, ofWeight.First, ofBias.First);
        norm.ApplyGradients(dy.First, z.First, z.First, Rows);

        var sum = Sums((i, c) => dy[i]);
        var product = Sums((i, c) => dy[i] * deviations[i]);
        ofBias.AreCloseTo(c => sum[c]);
        ofWeight.AreCloseTo(c => product[c]);
        z.AreCloseTo(i =>
            weight[i % Channels] / Math.Sqrt(variance[i % Channels] + Epsilon) * (
            dy[i] - (sum[i % Channels] / Rows) - (deviations[i] * product[i % Channels] / Rows)));
    }

    private static void Settle(Normalisation norm, Numbers z, Numbers weight, Numbers bias)
    {
        using var near = new Numbers(Channels, 8, 2, 4);
        norm.Begin(Pictures, near.First);
        for (var picture = 0; picture < Pictures; picture++)
        {
            norm.Add(picture, z.First + (picture * Rows / Pictures * Channels), Rows / Pictures);
        }

        norm.Settle(Rows, weight.First, bias.First, Epsilon);
    }

    private static (double[] Mean, double[] Variance) Moments(Numbers z)
    {
        var mean = Sums((i, c) => z[i] / (double)Rows);
        return (mean, Sums((i, c) => (z[i] - mean[c]) * (z[i] - mean[c]) / Rows));
    }

    private static double[] Sums(Func<int, int, double> value)
    {
        var sums = new double[Channels];
        for (var i = 0; i < Rows * Channels; i++)
        {
            sums[i % Channels] += value(i, i % Channels);
        }

        return sums;
    }
}
