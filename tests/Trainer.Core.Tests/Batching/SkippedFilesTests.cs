using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Xunit;

namespace Trainer.Core.Tests.Batching;

public sealed class SkippedFilesTests
{
    [Fact]
    public void EachIsKeptOnceWithItsFirstReason()
    {
        var files = new SkippedFiles();

        files.Add(new SkippedFile("b.jpg", "first"));
        files.Add(new SkippedFile("a.jpg", "other"));
        files.Add(new SkippedFile("b.jpg", "second"));

        Assert.Equal(2, files.Count);
        Assert.Equal([new SkippedFile("a.jpg", "other"), new SkippedFile("b.jpg", "first")], files.All);
        Assert.True(files.Contains("a.jpg"));
        Assert.False(files.Contains("A.jpg"));
    }

    [Fact]
    public void ManyThreadsTellEachOnce()
    {
        var files = new SkippedFiles();
        var told = 0;
        files.Skipped += _ => Interlocked.Increment(ref told);

        Parallel.For(0, 1000, i => files.Add(new SkippedFile($"{i % 50}.jpg", "broken")));

        Assert.Equal((50, 50), (files.Count, told));
    }
}
