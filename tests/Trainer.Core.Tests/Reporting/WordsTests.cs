using Trainer.Core.Reporting;
using Trainer.Core.Reporting.Charts;
using Xunit;

namespace Trainer.Core.Tests.Reporting;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, 94, "none of 94")]
    [InlineData(41, 41, "all 41")]
    [InlineData(0, 1, "0 of 1")] // neither "none of 1 photos" nor "all 1"
    [InlineData(1, 1, "1 of 1")]
    [InlineData(31, 100, "31 of 100")]
    [InlineData(1, 3, "33 of 100")]
    [InlineData(1, 1000, "fewer than 1 of 100")]
    [InlineData(999, 1000, "more than 99 of 100")]
    public void SharesAreCountedByTheHundred(int count, int total, string expected) => Assert.Equal(expected, Words.Share(count, total));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.0001, 0)] // not quite none: half a dot
    [InlineData(0.5, 50)]
    [InlineData(0.9999, 99)] // not quite all: and half a dot
    [InlineData(1, 100)]
    [InlineData(double.NaN, 0)]
    public void HundredDotsShowTheShare(double share, int filled) => Assert.Equal(filled, Waffle.Filled(share));

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.004, true)] // "fewer than 1 of 100"
    [InlineData(0.01, false)]
    [InlineData(0.996, true)] // "more than 99 of 100"
    [InlineData(1, false)]
    public void HalfADotIsFewerThanOne(double share, bool isBetween) => Assert.Equal(isBetween, Waffle.IsBetween(share));

    [Theory]
    [InlineData("photos/rice", "photos/rice")]
    [InlineData("/home/someone/photos/rice", "…/rice")]
    [InlineData("/home/someone/photos/rice/", "…/rice")]
    [InlineData("none", "none")]
    public void PathsEndWhereTheyMatter(string path, string shown) => Assert.Equal(shown, Words.Path(path));

    [Theory]
    [InlineData(new[] { 0.0, 7.3 }, new[] { 0.0, 2, 4, 6, 8 })]
    [InlineData(new[] { 0.9, 1.0 }, new[] { 0.9, 0.92, 0.94, 0.96, 0.98, 1 })]
    [InlineData(new[] { -0.3, 1.0, double.NaN }, new[] { -0.5, 0, 0.5, 1 })]
    [InlineData(new[] { 3.0 }, new[] { 2.4, 2.6, 2.8, 3, 3.2, 3.4, 3.6 })]
    public void TicksAreRoundAndHoldTheValues(double[] values, double[] ticks) =>
        Assert.Equal(ticks, Axis.Over("", values).Ticks, (a, b) => Math.Abs(a - b) < 1e-9);
}
