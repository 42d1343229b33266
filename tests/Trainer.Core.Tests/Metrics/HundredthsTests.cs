using Trainer.Core.Metrics;
using Xunit;

namespace Trainer.Core.Tests.Metrics;

public sealed class HundredthsTests
{
    [Theory]
    [InlineData(0, 0.0528, 0, 6)]
    [InlineData(0.8253, 0.9881, 82, 99)]
    [InlineData(0.29, 0.57, 29, 57)] // whole ones stay
    [InlineData(0.95, 1, 95, 100)]
    public void IntervalsAreRoundedOutwards(double low, double high, int expectedLow, int expectedHigh) =>
        Assert.Equal((expectedLow, expectedHigh), Hundredths.Around(low, high));
}
