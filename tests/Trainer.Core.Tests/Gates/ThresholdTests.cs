using Trainer.Core.Gates;
using Trainer.Core.Metrics;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Gates;

public sealed class ThresholdTests
{
    [Theory]
    [InlineData(0.5)] // counted, because half of the photos are not a tail
    [InlineData(0.9)]
    [InlineData(0.95)]
    [InlineData(0.99)]
    [InlineData(1)]
    public void KeepsItsPromiseOnTheCalibrationNormals(double rate)
    {
        // A Pareto tail, without randomness.
        float[] cosines = [.. Enumerable.Range(1, 200).Select(i => (float)(1 - (0.001 / (i / 200.0))))];

        var threshold = Threshold.Calibrate(cosines, rate);

        Assert.Equal(rate, AcceptRate.Of(cosines, threshold.Cosine), tolerance: 0.01);
        Assert.Equal((rate, 200), (threshold.PromisedAcceptRate, threshold.CalibrationCount));
    }

    /// <summary>Hill's estimate and Weissman's quantile, written out: 3 of 20 photos are the tail, 1 is to be rejected.</summary>
    [Fact]
    public void TheQuantileIsReadOffTheTail()
    {
        float[] near = [.. Enumerable.Range(0, 17).Select(i => 0.99f + (i * 0.0001f))];
        var index = (Math.Log(0.32 / 0.01) + Math.Log(0.08 / 0.01) + Math.Log(0.02 / 0.01)) / 3;

        var threshold = Threshold.Calibrate([.. near, 0.68f, 0.92f, 0.98f], 0.95);

        Assert.Equal(1 - (0.01 * Math.Pow(3 / 1.0, index)), threshold.Cosine, tolerance: 1e-5);
    }

    /// <summary>Draws 41 photos a thousand times, and looks at the share of all photos that the threshold really accepts.</summary>
    [Fact]
    public void IsSteadierThanTheFarthestPhotosCounted()
    {
        var random = new CounterRandom(2, 41);
        double tail = 0, counted = 0, mean = 0;
        for (var i = 0; i < 1000; i++)
        {
            var cosines = new float[41];
            foreach (ref var cosine in cosines.AsSpan())
            {
                cosine = (float)(1 - (0.001 / (1 - random.NextDouble()))); // P(distance > d) = 0.001 / d
            }

            var accepted = 1 - (0.001 / (1 - Threshold.Calibrate(cosines, 0.95).Cosine));
            mean += accepted / 1000;
            tail += Math.Pow(accepted - 0.95, 2);
            counted += Math.Pow(1 - (0.001 / (1 - AcceptRate.HighestThreshold(cosines, 0.95))) - 0.95, 2);
        }

        Assert.Equal(0.95, mean, tolerance: 0.015); // counted: 39 / 42 of them, 0.929
        Assert.InRange(Math.Sqrt(tail / counted), 0, 0.9);
    }

    [Fact]
    public void NothingIsAcceptedBeyondTheFarthestPhoto() =>
        Assert.Equal(0.5f, Threshold.Calibrate([0.5f, .. Enumerable.Repeat(0.999f, 40)], 0.999).Cosine);

    [Fact]
    public void AcceptsMoreRatherThanLess() => Assert.Equal(0.1f, Threshold.Calibrate([0.1f, 0.5f, 0.9f], 0.95).Cosine);

    [Fact]
    public void PhotosThatAreAllTheSameAreAccepted() => Assert.Equal(1f, Threshold.Calibrate([.. Enumerable.Repeat(1f, 41)], 0.95).Cosine);

    [Fact]
    public void NothingToCalibrateByIsRefused() => Assert.Throws<ArgumentException>(() => Threshold.Calibrate([], 0.95));
}
