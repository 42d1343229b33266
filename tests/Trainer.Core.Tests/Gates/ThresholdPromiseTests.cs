using Trainer.Core.Gates;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Gates;

public sealed class ThresholdPromiseTests
{
    [Theory]
    [InlineData(0.95, 41,
        "Of 100 such photos of the subject, about 95 are accepted; between 83 and 100 with 95 % confidence, from 41 calibration photos.")]
    [InlineData(1, 10,
        "Of 100 such photos of the subject, about 100 are accepted; between 69 and 100 with 95 % confidence, from 10 calibration photos.")]
    [InlineData(0.5, 100,
        "Of 100 such photos of the subject, about 50 are accepted; between 39 and 61 with 95 % confidence, from 100 calibration photos.")]
    public void SaysWhatItPromisesAndHowSurely(double rate, int count, string promise) =>
        Assert.Equal(promise, new Threshold(0.5f, rate, count).Promise);

    /// <summary>
    /// The share of all photos above the k-th highest of n is distributed as Beta(k, n − k + 1), for any distribution of photos. Clopper
    /// and
    /// Pearson's interval holds the middle 95 % of it. So thresholds set by small samples keep their promise as often as they say.
    /// </summary>
    [Theory]
    [InlineData(0.95, 20)]
    [InlineData(0.9, 41)]
    [InlineData(0.5, 15)]
    public void TrueAcceptRateLiesInsideAsOftenAsPromised(double rate, int count)
    {
        const int Trials = 2000;
        var random = new CounterRandom(1, (ulong)count);
        var interval = new Threshold(0, rate, count).AcceptInterval;
        var held = 0;
        for (var i = 0; i < Trials; i++)
        {
            var cosines = new float[count];
            foreach (ref var cosine in cosines.AsSpan())
            {
                cosine = (float)random.NextDouble(); // uniform: the true accept rate of a threshold t is 1 − t
            }

            var accepted = 1 - Threshold.Calibrate(cosines, rate).Cosine;
            held += accepted >= interval.Low && accepted <= interval.High ? 1 : 0;
        }

        Assert.InRange((double)held / Trials, 0.94, 1);
    }
}
