using Trainer.Core.Platform;
using Xunit;

namespace Trainer.Core.Tests.Platform;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WritesANewFile()
    {
        AtomicFile.WriteText(folder.PathOf("a.txt"), "grün\n");

        Assert.Equal("grün\n"u8.ToArray(), File.ReadAllBytes(folder.PathOf("a.txt"))); // UTF-8, no byte order mark
        AssertOnly("a.txt");
    }

    [Fact]
    public void ReplacesAnOldOneByAShorter()
    {
        AtomicFile.WriteText(folder.PathOf("a.txt"), "a long text");
        AtomicFile.WriteText(folder.PathOf("a.txt"), "short");

        Assert.Equal("short", File.ReadAllText(folder.PathOf("a.txt")));
        AssertOnly("a.txt");
    }

    [Fact]
    public void OldFileStandsUntilTheNewIsWhole()
    {
        var path = folder.PathOf("a.txt");
        File.WriteAllText(path, "old");

        AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(path));
        });

        Assert.Equal("half", File.ReadAllText(path));
    }

    [Fact]
    public void OldFileStandsWhenTheWriterThrows()
    {
        var path = folder.PathOf("a.txt");
        File.WriteAllText(path, "old");

        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException();
        }));

        Assert.Equal("old", File.ReadAllText(path));
        AssertOnly("a.txt");
    }

    [Fact]
    public void FullDiskIsTheUsersToMend()
    {
        var path = folder.PathOf("a.txt");
        File.WriteAllText(path, "old");

        var error = Assert.Throws<TrainerException>(() => AtomicFile.Write(path, _ => throw new IOException("No space left on device.")));

        Assert.Contains($"'{path}': No space left on device. What was there before is untouched.", error.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(path));
        AssertOnly("a.txt");
    }

    [Fact]
    public void MissingFolderIsTheUsersToMend()
    {
        var error = Assert.Throws<TrainerException>(() => AtomicFile.WriteText(Path.Combine(folder.Root, "none", "a.txt"), "x"));

        Assert.Contains("none", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FileInPlaceOfAFolderIsTheUsersToMend()
    {
        var file = folder.Write("file", 1);

        Assert.Throws<TrainerException>(() => AtomicFile.WriteText(Path.Combine(file, "a.txt"), "x"));

        AssertOnly("file");
    }

    [Fact]
    public void FolderInPlaceOfTheFileIsTheUsersToMend()
    {
        _ = Directory.CreateDirectory(folder.PathOf("a.txt"));

        Assert.Throws<TrainerException>(() => AtomicFile.WriteText(folder.PathOf("a.txt"), "x"));

        Assert.Empty(Directory.GetFiles(folder.Root));
    }

    private void AssertOnly(string name) =>
        Assert.Equal([name], Directory.GetFileSystemEntries(folder.Root).Select(Path.GetFileName));

    [Fact]
    public void AnotherMachinesFileIsALeftoverOnceNobodyWritesToIt()
    {
        var (old, fresh) = (folder.Write("a.parquet.1@elsewhere.tmp"), folder.Write("b.parquet.1@elsewhere.tmp"));
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));

        AtomicFile.DeleteLeftovers(folder.Root);

        Assert.Equal([fresh], Directory.GetFiles(folder.Root));
    }
}
