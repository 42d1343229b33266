using System.Text.Json;
using Trainer.Core.Metrics;
using Trainer.Core.Runs.Files;
using Xunit;

namespace Trainer.Core.Tests.Runs.Files;

public sealed class MetricsLogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void KeepsEveryTenthStep()
    {
        var log = new MetricsLog(folder.PathOf("metrics.jsonl"));

        for (var step = 0; step <= 25; step++)
        {
            log.Add(new StepLine(step / 5, step, step % 5, 5, Loss: 1.5, LearningRate: 0.1, ImagesPerSecond: 30));
        }

        Assert.Equal([0, 10, 20], Lines().Select(line => line.GetProperty("step").GetInt32()));
    }

    [Fact]
    public void KeepsEpochsAndValidations()
    {
        var log = new MetricsLog(folder.PathOf("metrics.jsonl"));
        var cosines = Distribution.Of([0.5f, 0.75f]);

        log.Add(new EpochLine(0, 2, Loss: 1, LearningRate: 0.1, ImagesPerSecond: 30, Seconds: 2));
        log.Add(new ValidationLine(0, 5, cosines, Distribution.Of([]), double.NaN, double.NaN, 0.5, double.NaN, 0.9, Best: true));

        Assert.Equal(["epoch", "validation"], Lines().Select(line => line.GetProperty("event").GetString()));
        Assert.Equal(0.625, Lines()[1].GetProperty("normals").GetProperty("mean").GetDouble());
        Assert.Equal(JsonValueKind.Null, Lines()[1].GetProperty("auroc").ValueKind);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(0, 0)]
    [InlineData(3, 3)]
    [InlineData(9, 3)] // there are fewer lines; an incomplete line is always removed
    public void ResumeKeepsSoManyLines(int asked, int kept)
    {
        var path = folder.Write("metrics.jsonl", "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n{\"d\":"u8);

        new MetricsLog(path).Keep(asked);

        Assert.Equal(kept, File.ReadAllText(path).Count(c => c == '\n'));
        Assert.True(kept == 0 || File.ReadAllText(path).EndsWith('\n'));
    }

    [Fact]
    public void UnwritableFileIsTheUsersError()
    {
        var log = new MetricsLog(Path.Combine(folder.Root, "gone", "metrics.jsonl"));

        var error = Assert.Throws<TrainerException>(() => log.Add(new EpochLine(0, 2, 1, 0.1, 30, 2)));

        Assert.Contains("The checkpoints written so far stand.", error.Message, StringComparison.Ordinal);
    }

    private JsonElement[] Lines() =>
        [.. File.ReadAllLines(Path.Combine(folder.Root, "metrics.jsonl")).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
}
