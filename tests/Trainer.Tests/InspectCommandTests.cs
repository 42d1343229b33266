using System.Text.Json;
using Trainer.Core.Tests;
using Xunit;

namespace Trainer.Tests;

public sealed class InspectCommandTests(TrainedRun run) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TextSaysWhatThereIsAndWhetherItIsEnough()
    {
        var outcome = run.Run("inspect", "--normal", "pictures/normal", "--coco", "pictures/coco", "--negative", "hard=pictures/hard");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("  normal: 30 pictures in pictures/normal, ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("  coco: 36 pictures in pictures/coco, ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("  30 different normals, 26 of them to set the threshold: if 95 % should be accepted, between 80 % and 100 % will "
            + "be accepted", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("  normals and coco: ", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("The same picture", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', outcome.Output);
    }

    [Fact]
    public void BadPicturesAndCopiesAreNamedAndStopNothing()
    {
        var pictures = Path.Combine(run.Work, "pictures");
        foreach (var (from, to) in Directory.GetFiles(Path.Combine(pictures, "normal"))
            .Select(file => (file, $"normal/{Path.GetFileName(file)}")))
        {
            File.Copy(from, folder.PathOf(to));
        }

        var some = Directory.GetFiles(folder.PathOf("normal")).Order(StringComparer.Ordinal).First();
        File.Copy(some, folder.PathOf("coco/twice.jpg"));
        folder.Write("coco/page.jpg", "<html>gone</html>"u8);

        var outcome = TrainerProcess.Run(folder.Root, "inspect", "--normal", "normal", "--coco", "coco");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Matches(@"(?m)^  \S+page\.jpg: not a picture but a web page$", outcome.Output);
        Assert.Matches($@"(?m)^  normal/{Path.GetFileName(some)} \(\d+x\d+\) = coco/twice\.jpg \(\d+x\d+, equal file\)$", outcome.Output);
        Assert.Contains("  ! 1 picture is both among the normals and among the negatives", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void RunNamesItsFoldersAndItsSuspects()
    {
        var outcome = run.Run("inspect", "--run", TrainedRun.Out, "--json", "--quiet");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var findings = JsonSerializer.Deserialize<JsonElement>(Assert.Single(outcome.Lines));
        Assert.Equal(["normal", "coco"], findings.GetProperty("sets").EnumerateArray().Select(set => set.GetProperty("name").GetString()));
        var suspects = findings.GetProperty("suspects").EnumerateArray()
            .Select(list => list.GetProperty("pictures").EnumerateArray().Select(suspect => suspect.GetProperty("cosine").GetDouble())
            .ToArray()).ToArray();
        Assert.Equal(suspects[0].Order(), suspects[0]); // normals: the farthest first
        Assert.Equal(suspects[1].OrderDescending(), suspects[1]);
    }
}
