using Trainer.Core.Catalog;
using Trainer.Core.Runs;
using Xunit;

namespace Trainer.Core.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void NewFolderIsMadeWithAllOnTheWay()
    {
        var path = Path.Combine(folder.Root, "runs", "Reis ü");

        var run = RunFolder.Create(path);

        Assert.True(Directory.Exists(path));
        Assert.Equal(Path.Combine(path, "best.ckpt"), run.BestCheckpoint);
    }

    [Fact]
    public void EmptyFolderIsTaken() => Assert.Equal(folder.Root, RunFolder.Create(folder.Root).Path);

    [Theory]
    [InlineData("run/options.json", "already holds a run, and trainer never overwrites files")]
    [InlineData("run/holiday.jpg", "already holds files, and trainer never overwrites files")]
    [InlineData("run", "already holds files, and trainer never overwrites files")]
    public void WhatIsThereIsNeverOverwritten(string file, string message)
    {
        var there = folder.Write(file, "precious"u8);
        var path = Path.Combine(folder.Root, "run");

        var error = Assert.Throws<TrainerException>(() => RunFolder.Create(path));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("--out", error.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(there));
    }

    [Fact]
    public void FolderBelowAFileIsRefused()
    {
        var path = Path.Combine(folder.Write("file"), "run");

        var error = Assert.Throws<TrainerException>(() => RunFolder.Create(path));

        Assert.StartsWith($"Can't make the run's folder '{path}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RunWithACheckpointOpens()
    {
        folder.Write("run/best.ckpt");

        Assert.Equal(Path.Combine(folder.Root, "run", "gate.json"), RunFolder.Open(Path.Combine(folder.Root, "run")).Gate);
    }

    [Fact]
    public void MissingRunIsRefused() => AssertNotOpened(Path.Combine(folder.Root, "nothing"), "There is no folder");

    [Fact]
    public void FolderThatIsNoRunIsRefused() =>
        AssertNotOpened(folder.Root, "holds no best.ckpt, so it isn't a run, or the run stopped before its first save");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"options\":")]
    public void DamagedRecordIsRefused(string? json)
    {
        if (json is not null)
        {
            folder.Write("options.json", System.Text.Encoding.UTF8.GetBytes(json));
        }

        var error = Assert.Throws<TrainerException>(new RunFolder(folder.Root).ReadRecord);

        Assert.StartsWith($"Can't read '{Path.Combine(folder.Root, "options.json")}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SkippedPicturesStandOneALineWhateverTheirNames()
    {
        var run = new RunFolder(folder.Root);

        run.WriteSkipped([new SkippedFile("a b.jpg", "the file is empty"), new SkippedFile("tab\tline\n.jpg", "two\nlines")]);

        Assert.Equal("# format 2\na b.jpg\tthe file is empty\ntab line .jpg\ttwo lines\n", File.ReadAllText(run.Skipped));
    }

    [Fact]
    public void NothingSkippedLeavesNoFile()
    {
        new RunFolder(folder.Root).WriteSkipped([]);

        Assert.Empty(Directory.GetFiles(folder.Root));
    }

    private static void AssertNotOpened(string path, string message)
    {
        var error = Assert.Throws<TrainerException>(() => RunFolder.Open(path));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }
}
