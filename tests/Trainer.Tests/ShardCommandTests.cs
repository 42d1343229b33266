using System.Formats.Tar;
using Trainer.Core.Tests;
using Xunit;

namespace Trainer.Tests;

public sealed class ShardCommandTests : IDisposable
{
    private readonly TrainedRun run;
    private readonly TemporaryFolder folder = new();
    private readonly string pattern, scores;

    public ShardCommandTests(TrainedRun run)
    {
        this.run = run;
        _ = run.Exported;
        var pictures = Directory.GetFiles(Path.Combine(run.Work, "pictures", "normal")).Order(StringComparer.Ordinal).ToArray();
        Pack("0.tar", pictures[..3]);
        Pack("1.tar", pictures[3..5]);
        (pattern, scores) = (Path.Combine(folder.Root, "{0..1}.tar"), folder.PathOf("scores"));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ShardsAreScoredOnceAndVerified()
    {
        Assert.Equal((75, "2 of 2 shards not scored: run it again without --verify."), Said("--verify"));

        var first = Predict();
        Assert.Equal((0, "", 3), (first.ExitCode, first.Error, first.Lines.Length));
        Assert.Matches(@"\A\S+0\.tar: 3 pictures, \d accepted, 0 unreadable, \d+ s\z", first.Lines[0]);
        Assert.Matches(
            @"\A2 shards: 2 scored, 0 there already, 0 broken, 0 not read; 5 pictures, \d accepted, 0 unreadable, \d+ pictures/s\z",
            first.Lines[2]);

        Assert.Equal((0, "2 shards: all scored."), Said("--verify"));
        var again = Predict();
        Assert.Equal(0, again.ExitCode);
        Assert.StartsWith("2 shards: 0 scored, 2 there already", again.Lines[2], StringComparison.Ordinal);
        Assert.Equal((75, "2 of 2 shards not scored: run it again without --verify."), Said("--verify", "--embeddings"));
    }

    [Fact]
    public void TasksShareTheShards()
    {
        var (code, said) = Said("--task", "1/2");

        Assert.Equal(0, code);
        Assert.StartsWith("1 shard of 2, task 1 of 2: 1 scored", said, StringComparison.Ordinal);
        Assert.Equal(["1.parquet"], Directory.GetFiles(scores).Select(Path.GetFileName));
        var slurm = TrainerProcess.Run(run.Work, Arguments(), environment =>
        {
            foreach (var (name, value) in new[] { ("ID", "5"), ("MIN", "5"), ("MAX", "6"), ("COUNT", "2"), ("STEP", "1") })
            {
                environment[$"SLURM_ARRAY_TASK_{name}"] = value;
            }
        });
        Assert.StartsWith("1 shard of 2, task 0 of 2: 1 scored", slurm.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void ExitCodesTellWhetherAnotherTryHelps()
    {
        var whole = File.ReadAllBytes(folder.PathOf("1.tar"));
        folder.Write("1.tar", whole.AsSpan(..^1024));

        var broken = Predict();
        Assert.Equal(65, broken.ExitCode);
        Assert.Matches(@"\Aerror: \S+1\.tar: cut short: after \d+ bytes there is no end of a tar\n\z", broken.Error);
        Assert.Equal(["0.parquet"], Directory.GetFiles(scores).Select(Path.GetFileName)); // the other is scored all the same

        File.Delete(folder.PathOf("1.tar"));
        Assert.Equal(75, Predict().ExitCode);
    }

    [Theory]
    [InlineData("--shards needs an exported file: --model FILE.", "--shards", "x.tar", "--out", "o")]
    [InlineData("--shards needs a folder for the scores: --out DIR.", "--shards", "x.tar", "--model", "m.onnx")]
    [InlineData("--shards and --json exclude one another.", "--shards", "x.tar", "--model", "m.onnx", "--json")]
    [InlineData("--shards takes the place of PICTURES, but 'y.tar' is given too.", "--shards", "x.tar", "y.tar", "--model", "m.onnx")]
    [InlineData("--task is for --shards, and that is missing.", "photos", "--model", "m.onnx", "--task", "0/2")]
    [InlineData("--verify looks at all shards, whatever task they belong to: leave out --task.", "--shards", "x.tar", "--model", "m.onnx",
        "--out", "o", "--verify", "--task", "0/2")]
    [InlineData("Name pictures, or folders of them:", "--model", "m.onnx")]
    public void WhatDoesntGoTogetherIsSaid(string error, params string[] arguments)
    {
        var outcome = TrainerProcess.Run(folder.Root, ["predict", .. arguments]);

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith($"error: {error}", outcome.Error, StringComparison.Ordinal);
    }

    private string[] Arguments(params string[] more) =>
        ["predict", "--model", $"{TrainedRun.Out}/model.onnx", "--shards", pattern, "--out", scores, "--threads", "2", .. more];

    private Outcome Predict(params string[] more) => run.Run(Arguments(more));

    private (int ExitCode, string LastLine) Said(params string[] more) =>
        Predict(more) is var outcome ? (outcome.ExitCode, outcome.Lines[^1]) : default;

    private void Pack(string name, IEnumerable<string> pictures)
    {
        using var writer = new TarWriter(File.Create(folder.PathOf(name)));
        foreach (var picture in pictures)
        {
            writer.WriteEntry(picture, Path.GetFileName(picture));
        }
    }
}
