using Trainer.Core.Reporting;
using Xunit;

namespace Trainer.Core.Tests.Reporting;

public sealed class TrainingHistoryTests : IDisposable
{
    private const string Epoch =
        """{"event":"epoch","epoch":0,"epochs":2,"loss":LOSS,"learningRate":0.001,"imagesPerSecond":20,"seconds":5}""";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void RepeatedEpochsOfAResumedRunCountOnce()
    {
        var history = Read(Epoch.Replace("LOSS", "3", StringComparison.Ordinal), Epoch.Replace("LOSS", "2", StringComparison.Ordinal));

        Assert.Equal(2, Assert.Single(history.Epochs).Loss);
        Assert.Equal((5, 20), (history.Seconds, history.ImagesPerSecond));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"event\":\"epoch\",\"epo")]
    [InlineData("{\"event\":\"of a later version\"}")]
    [InlineData("{}")]
    [InlineData("null")]
    public void WhatIsNotUnderstoodIsLeftOut(string line) =>
        Assert.Single(Read(line, Epoch.Replace("LOSS", "3", StringComparison.Ordinal), line).Epochs);

    [Fact]
    public void MissingFileIsAnEmptyHistory() => Assert.Empty(TrainingHistory.Read(folder.PathOf("metrics.jsonl")).Epochs);

    private TrainingHistory Read(params string[] lines) =>
        TrainingHistory.Read(folder.Write("metrics.jsonl", System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines))));
}
