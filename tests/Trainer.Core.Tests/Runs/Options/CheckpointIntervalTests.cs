using Trainer.Core.Runs.Options;
using Xunit;

namespace Trainer.Core.Tests.Runs.Options;

public sealed class CheckpointIntervalTests
{
    [Theory]
    [InlineData("5m", 1, 299, false)]
    [InlineData("5m", 1, 300, true)]
    [InlineData("90s", 1, 90, true)]
    [InlineData("200", 199, 9999, false)]
    [InlineData("200", 200, 0, true)]
    [InlineData("0", 9999, 9999, false)]
    public void IsDueAfterStepsOrTime(string text, int steps, int seconds, bool isDue) =>
        Assert.Equal(isDue, CheckpointInterval.Parse(text)?.IsDue(steps, TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("-5m")]
    [InlineData("5 m")]
    [InlineData("1.5m")]
    [InlineData("5h")]
    [InlineData("99999999s")]
    public void AnythingElseIsRefused(string text) => Assert.Null(CheckpointInterval.Parse(text));
}
