using Spectre.Console;
using Trainer.Core.Metrics;
using Trainer.Terminal;
using Trainer.Terminal.Results;
using Xunit;

namespace Trainer.Tests;

public sealed class TerminalTests
{
    [Theory]
    [InlineData(100, "━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  25 %  epoch 1/4  3 min 20 s left  loss 0.123")]
    [InlineData(50, "━━╌╌╌╌╌╌╌╌  25 %  epoch 1/4  3 min 20 s left")]
    [InlineData(30, "━━╌╌╌╌╌╌╌╌  25 %  epoch 1/4")]
    [InlineData(20, "━━╌╌╌╌╌╌╌╌  25 %")]
    public void LiveLineLeavesOutWhatDoesNotFit(int width, string expected) =>
        Assert.Equal(expected, LiveLine.Fit(0.25, ["epoch 1/4", "3 min 20 s left", "loss 0.123"], width));

    [Fact]
    public void WideLettersCountTwice() => Assert.Equal("━━━━━━━━━━ 100 %", LiveLine.Fit(1, ["水稻水稻水稻"], width: 28));

    [Theory]
    [InlineData(0.4, "0 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(59.6, "1 min 0 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(7500, "2 h 5 min")]
    public void TimesReadWell(double seconds, string expected) => Assert.Equal(expected, Screen.Time(seconds));

    [Fact]
    public void StripShowsBothDistributionsOnOneAxis()
    {
        var (normals, negatives) = (Distribution.Of(Spread(0.3f, 0.9f)), Distribution.Of(Spread(-0.9f, -0.1f)));

        Assert.Equal("-1 ·░░▒▒▒▒░░····▄████▄· 1", Markup.Remove(DistributionStrip.Of(normals, negatives, cells: 20)));
        // Where both distributions lie, the cell belongs to neither.
        Assert.DoesNotContain('░', DistributionStrip.Of(normals, normals, cells: 20));
    }

    private static float[] Spread(float low, float high) => [.. Enumerable.Range(0, 101).Select(i => low + ((high - low) * i / 100))];
}
