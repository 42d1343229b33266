using Trainer.Core.Gates;
using Trainer.Core.Metrics;
using Xunit;

namespace Trainer.Core.Tests.Gates;

public sealed class ThresholdTests
{
    [Fact]
    public void KeepsItsPromiseOnTheCalibrationNormals()
    {
        float[] cosines = [.. Enumerable.Range(1, 200).Select(i => i / 200f)];

        foreach (var rate in (double[])[0.5, 0.9, 0.95, 0.99, 1])
        {
            var threshold = Threshold.Calibrate(cosines, rate);

            Assert.Equal(rate, AcceptRate.Of(cosines, threshold.Cosine), tolerance: 1e-9);
            Assert.Equal((rate, 200), (threshold.PromisedAcceptRate, threshold.CalibrationCount));
        }
    }

    [Fact]
    public void AcceptsMoreRatherThanLess() => Assert.Equal(0.1f, Threshold.Calibrate([0.1f, 0.5f, 0.9f], 0.95).Cosine);

    [Fact]
    public void NothingToCalibrateByIsRefused() => Assert.Throws<ArgumentException>(() => Threshold.Calibrate([], 0.95));
}
