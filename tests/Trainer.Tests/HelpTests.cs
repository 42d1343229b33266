using Xunit;

namespace Trainer.Tests;

public sealed class HelpTests(TrainedRun run)
{
    [Theory]
    [InlineData("trainer", "--help")]
    [InlineData("train", "train", "--help")]
    [InlineData("eval", "eval", "--help")]
    [InlineData("calibrate", "calibrate", "--help")]
    [InlineData("export", "export", "--help")]
    [InlineData("report", "report", "--help")]
    [InlineData("predict", "predict", "--help")]
    [InlineData("bench", "bench", "--help")]
    [InlineData("doctor", "doctor", "--help")]
    [InlineData("demo", "demo", "--help")]
    [InlineData("quickstart", "quickstart", "--help")]
    [InlineData("inspect", "inspect", "--help")]
    [InlineData("completion", "completion", "--help")]
    public void HelpIsAsReviewed(string name, params string[] arguments)
    {
        var outcome = run.Run(arguments);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        GoldenText.AssertIs($"help-{name}.txt", string.Join('\n', outcome.Output.Split('\n').Select(line => line.TrimEnd())));
    }

    [Fact]
    public void EveryCommandHasAnExample() =>
        Assert.All(Program.Root().Subcommands, command => Assert.Contains("\nExample: ", command.Description, StringComparison.Ordinal));
}
