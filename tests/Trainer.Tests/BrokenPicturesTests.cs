using Trainer.Core.Tests;
using Xunit;

namespace Trainer.Tests;

public sealed class BrokenPicturesTests(TrainedRun run) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AreNamedCountedAndListedAndTheRunGoesOn()
    {
        var jpeg = File.ReadAllBytes(Good[0]);
        foreach (var i in Enumerable.Range(0, 12))
        {
            folder.Write($"photos/half {i}.jpg", jpeg.AsSpan(0, (jpeg.Length / 2) + i));
        }

        folder.Write("photos/empty.png");
        folder.Write("photos/page.jpg", "<html>gone</html>"u8);
        folder.Write("photos/notes.txt", "no picture by its name"u8);
        CopyGood();

        var outcome = Train("erster Lauf", SmallRuns.NoReport);

        Assert.Equal(0, outcome.ExitCode);
        var skipped = File.ReadAllLines(Path.Combine(folder.Root, "erster Lauf", "skipped.tsv")).Skip(1).Select(line => line.Split('\t'))
            .ToArray();
        Assert.Equal(14, skipped.Length);
        Assert.All(skipped, line => Assert.NotEmpty(line[1]));
        Assert.Contains("  skipped 14 pictures: see skipped.tsv", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(10, outcome.Error.Split('\n').Count(line => line.StartsWith("note: skipped ", StringComparison.Ordinal)));
        Assert.Contains("note: more pictures are skipped; skipped.tsv in the run's folder will list all of them, with the reasons",
            outcome.Error, StringComparison.Ordinal);
        Assert.Contains("trainer eval --run \"erster Lauf\"", outcome.Output, StringComparison.Ordinal);
    }

    /// <summary>Uses hostile, odd and broken files of every format from the tests of other programs.</summary>
    [Fact]
    public void CollectedOnesNeverStopARun()
    {
        var bad = Path.Combine(SharedFiles.Data ?? "", "bad");
        Assert.SkipUnless(Directory.Exists(bad), "shared/data/bad isn't beside the repository.");
        foreach (var file in Directory.GetFiles(bad))
        {
            File.Copy(file, folder.PathOf($"photos/{Path.GetFileName(file)}"));
        }

        CopyGood();

        var outcome = Train("out");

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.NotEmpty(File.ReadAllLines(Path.Combine(folder.Root, "out", "skipped.tsv")));
    }

    private string[] Good => [.. Directory.GetFiles(Path.Combine(run.Work, "pictures", "normal")).Order(StringComparer.Ordinal).Take(16)];

    private void CopyGood()
    {
        foreach (var file in Good)
        {
            File.Copy(file, folder.PathOf($"photos/{Path.GetFileName(file)}"));
        }
    }

    private Outcome Train(string output, params string[] more) => TrainerProcess.Run(
        folder.Root,
        [
            "train", "--normal", "photos", "--coco", Path.Combine(run.Work, "pictures", "coco"), "--out", output, "--epochs", "1",
            "--batch", "8", "--threads", "2", "--weights", "none", .. more,
        ]);
}
