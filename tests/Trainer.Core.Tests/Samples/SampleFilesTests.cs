using Trainer.Core.Samples;
using Xunit;

namespace Trainer.Core.Tests.Samples;

public sealed class SampleFilesTests : IDisposable
{
    private const ulong Seed = 7;
    private static readonly SampleCounts Few = new() { Normals = 3, Negatives = 4, Hard = 2 };

    private readonly string folder = Directory.CreateTempSubdirectory("samples").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void EachKindGoesIntoItsFolder()
    {
        Write(folder);

        Assert.Equal(["normal-0000.jpg", "normal-0001.jpg", "normal-0002.jpg"], NamesIn("normal"));
        Assert.Equal(4, NamesIn("coco").Length);
        Assert.Equal(2, NamesIn("hard").Length);
        Assert.Equal(SamplePictures.Draw(SampleKind.Hard, 1, Seed), File.ReadAllBytes(Path.Combine(folder, "hard", "hard-0001.jpg")));
    }

    [Fact]
    public void ProgressCountsEveryPictureOnce()
    {
        var progress = new Counted();

        Write(folder, progress);

        Assert.Equal(Enumerable.Range(1, Few.Total), progress.Reports.Order());
    }

    [Fact]
    public void FolderThatIsAFileIsTheUsersError()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");

        var error = Assert.Throws<TrainerException>(() => Write(file));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PictureThatCannotBeWrittenIsOneErrorOfTheUsers()
    {
        Directory.CreateDirectory(Path.Combine(folder, "coco", "coco-0002.jpg"));

        var error = Assert.Throws<TrainerException>(() => Write(folder));

        Assert.Contains("coco-0002.jpg", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CancellationStopsTheDrawing()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.Throws<OperationCanceledException>(() => SamplePictures.Write(folder, Few, Seed, cancellation: cancellation.Token));
        Assert.Empty(NamesIn("normal"));
    }

    private static void Write(string folder, IProgress<int>? progress = null) =>
        SamplePictures.Write(folder, Few, Seed, progress, TestContext.Current.CancellationToken);

    private string[] NamesIn(string kind) =>
        [.. Directory.GetFiles(Path.Combine(folder, kind)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private sealed class Counted : IProgress<int>
    {
        public System.Collections.Concurrent.ConcurrentBag<int> Reports { get; } = [];

        public void Report(int value) => Reports.Add(value);
    }
}
