using System.Text.Json;
using Trainer.Core.Tests;
using Xunit;

namespace Trainer.Tests;

public sealed class CalibrateCommandTests : IDisposable
{
    private readonly TrainedRun run;
    private readonly TemporaryFolder folder = new();

    public CalibrateCommandTests(TrainedRun run)
    {
        this.run = run;
        run.CopyTo(Copy);
    }

    private string Copy => folder.PathOf("run");

    [Fact]
    public void ThePromiseOfTheTrainingGivesItsThreshold()
    {
        var (threshold, centroid) = (Gate().GetProperty("threshold").GetSingle(), File.ReadAllText(PathOf("embedding.txt")));

        Calibrate("--accept", "0.8");

        Assert.Equal(threshold, Gate().GetProperty("threshold").GetSingle(), 1e-6f); // read back from cosines of single precision
        Assert.Equal(centroid, File.ReadAllText(PathOf("embedding.txt")));
    }

    [Fact]
    public void AnotherPromiseGivesAnotherThresholdToTheSameNetwork()
    {
        var before = Evaluated();
        var last = File.ReadAllBytes(PathOf("last.ckpt"));

        var outcome = Calibrate("--accept", "0.5");

        Assert.Matches(@"\Abefore  accepted from a cosine of -?\d\.\d{4} on\. Of 100 such photos of the subject, about 80 are accepted; ",
            outcome.Output);
        Assert.Matches(
            @"\nnow     accepted from a cosine of -?\d\.\d{4} on\. Of 100 such photos of the subject, about 50 are accepted; between 29 and 71 with 95 % confidence, from 26 calibration photos\.\n", outcome.Output);
        Assert.Matches(@"\nOf 5 ordinary photos, \d+\.\d % are accepted too\.\n", outcome.Output);
        var after = Evaluated();
        Assert.True(after.GetProperty("threshold").GetSingle() > before.GetProperty("threshold").GetSingle());
        Assert.Equal(Gate().GetProperty("threshold").GetSingle(), after.GetProperty("threshold").GetSingle());
        Assert.Equal(Means(before), Means(after));
        Assert.Equal(last, File.ReadAllBytes(PathOf("last.ckpt")));
    }

    [Fact]
    public void PhotosOfOnesOwnTakeThePlaceOfTheRuns()
    {
        var outcome = Calibrate("--normal", "pictures/hard", "--coco", "pictures/coco");

        Assert.Contains("from 8 calibration photos.", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Of 36 ordinary photos, ", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(8, Gate().GetProperty("calibrationCount").GetInt32());
    }

    [Fact]
    public void WithoutAPromiseTheGateKeepsItsOwn()
    {
        Calibrate("--accept", "0.5");
        Calibrate("--normal", "pictures/hard");

        Assert.Equal(0.5, Gate().GetProperty("promisedAcceptRate").GetDouble());
    }

    [Fact]
    public void NothingIsDoneWithoutBeingAskedFor()
    {
        var best = File.ReadAllBytes(PathOf("best.ckpt"));

        var outcome = run.Run("calibrate", "--run", Copy, "--coco", "pictures/coco");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal("error: Say what to change: --accept SHARE for another accept rate, --normal DIR for your own photos. Nothing was "
            + "changed.\n", outcome.Error);
        Assert.Equal(best, File.ReadAllBytes(PathOf("best.ckpt")));
    }

    [Fact]
    public void PhotosThatTrainedTheGateAreTold() =>
        Assert.Matches("^note: [0-9]+ of the [0-9]+ photos trained this gate\\. ", Calibrate("--normal", "pictures/normal").Error);

    [Fact]
    public void WhatWasWrittenByTheOldThresholdIsNamedAndForgotten()
    {
        Assert.Equal(0, run.Run("export", "--run", Copy, "--onnx", "--threads", "2").ExitCode);
        File.WriteAllText(PathOf("report.html"), "of before");

        var outcome = Calibrate("--accept", "0.5");

        Assert.Contains($"note: files that were exported before still use the old threshold. Write them again: trainer export --run {Copy} "
            + "--onnx\n", outcome.Error, StringComparison.Ordinal);
        Assert.Contains($"note: report.html still shows the old threshold. Write it again: trainer report {Copy}\n", outcome.Error,
            StringComparison.Ordinal);
        Assert.False(Gate().TryGetProperty("exports", out _));
    }

    [Fact]
    public void ARunThatIsNotCompleteIsLeftAsItIs()
    {
        File.Copy(PathOf("last.ckpt"), PathOf("previous.ckpt"));
        var best = File.ReadAllBytes(PathOf("best.ckpt"));

        var outcome = run.Run("calibrate", "--run", Copy, "--accept", "0.5");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(
            $"error: The run in '{Copy}' isn't complete, and would set its threshold by its own --accept again. Go on with it first: "
            + $"trainer train --resume {Copy}\n", outcome.Error);
        Assert.Equal(best, File.ReadAllBytes(PathOf("best.ckpt")));
    }

    public void Dispose() => folder.Dispose();

    private Outcome Calibrate(params IEnumerable<string> arguments)
    {
        var outcome = run.Run(["calibrate", "--run", Copy, "--threads", "2", .. arguments]);
        Assert.Equal(0, outcome.ExitCode);
        return outcome;
    }

    private JsonElement Evaluated() =>
        JsonSerializer.Deserialize<JsonElement>(run.Run("eval", "--run", Copy, "--threads", "2", "--json").Output);

    private JsonElement Gate() => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(PathOf("gate.json")));

    private string PathOf(string file) => Path.Combine(Copy, file);

    private static double[] Means(JsonElement evaluated) =>
        [.. evaluated.GetProperty("sets").EnumerateArray().Select(set => set.GetProperty("cosineMean").GetDouble())];
}
