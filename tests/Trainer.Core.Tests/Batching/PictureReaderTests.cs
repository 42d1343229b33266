using Trainer.Core.Batching;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Tests.Catalog;
using Xunit;

namespace Trainer.Core.Tests.Batching;

public sealed class PictureReaderTests
{
    [Fact]
    public void ResultsKeepTheOrderAndBadOnesAreNullAndNamed()
    {
        var images = Entries.Some(50);
        var skipped = new SkippedFiles();

        var results = PictureReader.Read(
            images,
            threads: 3,
            image => image.Name.Contains('7', StringComparison.Ordinal) ? throw new UndecodableImageException($"{image.Name} is torn")
            : image.Name,
            skipped,
            cancel: TestContext.Current.CancellationToken);

        Assert.Equal(images.Select(image => image.Name.Contains('7', StringComparison.Ordinal) ? null : image.Name), results);
        Assert.Equal(images.Where(image => image.Name.Contains('7', StringComparison.Ordinal))
            .Select(image => (image.Path, $"{image.Name} is torn")), skipped.All.Select(file => (file.Path, file.Reason)));
    }

    [Fact]
    public void ProgressIsToldOnTheCallersThreadAndEndsWithAll()
    {
        var told = new List<(int Done, int Thread)>();

        _ = PictureReader.Read(
            Entries.Some(30), threads: 2, Slowly, new SkippedFiles(), done =>
            told.Add((done, Environment.CurrentManagedThreadId)), TestContext.Current.CancellationToken);

        Assert.Equal(30, told[^1].Done);
        Assert.InRange(told.Count, 2, 30);
        Assert.Equal(told.Select(t => t.Done).Order(), told.Select(t => t.Done));
        Assert.All(told, t => Assert.Equal(Environment.CurrentManagedThreadId, t.Thread));

        static string Slowly(Core.Catalog.ImageEntry image)
        {
            Thread.Sleep(15);
            return image.Name;
        }
    }

    [Fact]
    public void CancellingEndsIt()
    {
        using var cancel = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => PictureReader.Read(
            Entries.Some(1000),
            threads: 2,
            image =>
            {
                cancel.Cancel();
                return image.Name;
            },
            new SkippedFiles(),
            cancel: cancel.Token));
    }
}
