using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Trainer.Tests;

public sealed class TrainCommandTests(TrainedRun run)
{
    [Fact]
    public void LeavesEveryFileOfARun()
    {
        Assert.Equal((0, ""), (run.Trained.ExitCode, run.Trained.Error));
        Assert.Equal(
            ["best.ckpt", "classes.tsv", "data.tsv", "embedding.txt", "gate.json", "last.ckpt", "metrics.jsonl", "options.json",
                "parts.tsv", "report.html"],
            Directory.GetFiles(run.PathOf("")).Select(file => Path.GetFileName(file))
            .Where(file => file != "evaluated.html" && !file.StartsWith("model", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void FolderIsNamedAfterTheNormalsByDefault() =>
        Assert.Contains($"  {Path.Combine("runs", "normal")}: best.ckpt", run.Trained.Output, StringComparison.Ordinal);

    [Fact]
    public void MetricsHoldOneValidationForEachSaveInterval()
    {
        var kinds = File.ReadAllLines(run.PathOf("metrics.jsonl")).Select(line => Json(line)["event"]!.ToString()); // each line has one

        Assert.Equal(["step", "step", "epoch", "validation", "step", "epoch", "validation"], kinds);
    }

    [Fact]
    public void EmbeddingHas512LinesThatNumpyReads()
    {
        var lines = File.ReadAllText(run.PathOf("embedding.txt"));

        Assert.Matches(new Regex(@"\A(-?\d\.\d{18}e[+-]\d\d\n){512}\z"), lines);
    }

    [Fact]
    public void OptionsRecordWhatWasGivenAndWhatWasNot()
    {
        var options = Json(File.ReadAllText(run.PathOf("options.json")))["options"]!; // in every record

        Assert.Equal(("pictures/normal", 3), (options["normal"]!.ToString(), (int)options["seed"]!));
        Assert.Equal((2, 8), ((int)options["epochs"]!, (int)options["batch"]!)); // of the configuration
        Assert.Equal(("closed-form", 0.5), (options["gate"]!.ToString(), (double)options["trainedShare"]!)); // of the defaults
    }

    [Fact]
    public void ProgressIsALineForEachEpochWhenNobodyWatches()
    {
        Assert.Equal(2, run.Trained.Lines.Count(line => line.StartsWith("epoch ", StringComparison.Ordinal)));
        Assert.Equal(2, run.Trained.Lines.Count(line => line.StartsWith("  validation ", StringComparison.Ordinal)));
        Assert.DoesNotContain('\u001b', run.Trained.Output);
        Assert.DoesNotContain('\r', run.Trained.Output);
    }

    [Fact]
    public void StartWeightsAreNamed() =>
        Assert.Contains("  306 tensors from start.safetensors\n  input: from -1 to 1\n", run.Trained.Output, StringComparison.Ordinal);

    [Fact]
    public void SaysWhatToDoNext()
    {
        Assert.Contains($"trainer eval --run {Path.Combine("runs", "normal")}\n", run.Trained.Output, StringComparison.Ordinal);
        Assert.Contains($"trainer export --run {Path.Combine("runs", "normal")} --onnx\n", run.Trained.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void QuietTellsTheOutcomeAlone()
    {
        var outcome = run.Run(
            "train", "--normal", "pictures/normal", "--coco", "pictures/coco", "--out", "quiet", "--epochs", "1", "--batch", "8",
            "--weights", "none", "--threads", "2", "--quiet", SmallRuns.NoReport);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches(@"\ADone in \d+ s; the best gate is from epoch 1\.\n  Of 100 such photos of the subject, .*\n\z", outcome.Output);
    }

    [Fact]
    public void KnownLookAlikesAreShownByTheirName()
    {
        var outcome = run.Run(
            "train", "--normal", "pictures/normal", "--coco", "pictures/coco", "--negative", "leaves=pictures/hard", "--out", "known",
            "--weights", "start.safetensors", "--weights-input", "unit", "--epochs", "0", "--threads", "2", SmallRuns.NoReport);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Matches(@"(?m)^  leaves +6 train, +1 calibration, +1 test$", outcome.Output);
        var evaluated = run.Run("eval", "--run", "known", "--threads", "2").Output;
        Assert.Matches(@"(?m)^leaves +1 +", evaluated);
        Assert.Contains("Known look-alikes: leaves. The gate was made with other photos of it; ", evaluated, StringComparison.Ordinal);
    }

    [Fact]
    public void JsonIsOneObjectALine()
    {
        var events = run.TrainedAgain.Lines.Select(line => Json(line)["event"]!.ToString()).ToArray(); // each line has one

        Assert.Equal((0, ""), (run.TrainedAgain.ExitCode, run.TrainedAgain.Error));
        Assert.Equal(["options", "duplicates", "duplicates", "weights", "data"], events[..5]);
        Assert.Equal(["done", "report"], events[^2..]);
        Assert.Equal([("epoch", 2), ("step", 22), ("suspects", 1), ("validation", 2)],
            events[5..^2].CountBy(e => e).Select(count => (count.Key, count.Value)).Order());
    }

    [Fact]
    public void TensorBoardsFilesAreWrittenWhenAskedFor()
    {
        _ = run.TrainedAgain;

        Assert.NotEmpty(Directory.GetFiles(Path.Combine(run.Other, TrainedRun.Out, "tensorboard"), "events.out.tfevents.*"));
        Assert.False(Directory.Exists(run.PathOf("tensorboard")));
    }

    [Fact]
    public void SameSeedGivesTheSameBytesInAnotherFolder()
    {
        _ = run.TrainedAgain;

        Assert.All(
            ["best.ckpt", "last.ckpt", "embedding.txt", "options.json", "parts.tsv"],
            file => Assert.True(
                File.ReadAllBytes(run.PathOf(file)).AsSpan()
            .SequenceEqual(File.ReadAllBytes(Path.Combine(run.Other, TrainedRun.Out, file))), file));
    }

    [Fact]
    public void ExistingRunIsRefusedAndUnchanged()
    {
        var before = Content();

        var refused = run.Run("train", "--normal", "pictures/normal", "--coco", "pictures/coco");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(
            "'runs/normal' already holds a run, and trainer never overwrites files. Train into another folder, such as --out "
            + "runs/normal-2, or continue this run with 'trainer train --resume runs/normal'.", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, Content());
    }

    private Dictionary<string, (long, DateTime)> Content() =>
        Directory.GetFiles(run.PathOf("")).ToDictionary(file => file, file => (new FileInfo(file).Length, File.GetLastWriteTimeUtc(file)));

    private static JsonObject Json(string text) => JsonSerializer.Deserialize<JsonObject>(text)!; // no null literal
}
