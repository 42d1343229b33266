using System.Text.Json;
using Xunit;

namespace Trainer.Tests;

public sealed class BenchCommandTests(TrainedRun run)
{
    private static readonly string[] Quick = ["bench", "--rounds", "1", "--seconds", "0.01", "--batch", "2", "--threads", "2"];

    [Fact]
    public void EveryStageIsMeasured()
    {
        var outcome = run.Run([.. Quick, "--json"]);

        using var json = JsonDocument.Parse(outcome.Output);
        var results = json.RootElement.GetProperty("results").EnumerateArray()
            .ToDictionary(r => r.GetProperty("name").GetString()!, r => r.GetProperty("value").GetDouble());
        Assert.Empty(new[] { "decode", "cache", "augment", "train-step", "train-loop", "evaluation", "onnx-latency" }.Except(results.Keys));
        Assert.All(results.Values, value => Assert.True(value > 0));
    }

    [Fact]
    public void PeopleGetATable()
    {
        var outcome = run.Run([.. Quick, "--pictures", "pictures/hard"]);

        Assert.Contains(outcome.Lines, line =>
            line.StartsWith("train-loop ", StringComparison.Ordinal) && line.EndsWith("images/s", StringComparison.Ordinal));
    }
}
