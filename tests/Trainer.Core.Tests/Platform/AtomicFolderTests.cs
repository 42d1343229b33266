using Trainer.Core.Platform;
using Xunit;

namespace Trainer.Core.Tests.Platform;

public sealed class AtomicFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string path;

    public AtomicFolderTests() => path = Path.Combine(folder.Root, "a");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public void WritesANewFolder(string ending)
    {
        AtomicFolder.Write(path + ending, inside => File.WriteAllText(Path.Combine(inside, "x"), "new"));

        Assert.Equal("new", File.ReadAllText(Path.Combine(path, "x")));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void OldFolderStandsUntilTheNewIsWhole()
    {
        folder.Write("a/old");

        AtomicFolder.Write(path, inside =>
        {
            File.WriteAllText(Path.Combine(inside, "new"), "");
            Assert.True(File.Exists(Path.Combine(path, "old")));
        });

        Assert.Equal([Path.Combine(path, "new")], Directory.GetFileSystemEntries(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void OldFolderStandsWhenTheWriterThrows()
    {
        folder.Write("a/old");

        Assert.Throws<TrainerException>(() => AtomicFolder.Write(path, inside =>
        {
            File.WriteAllText(Path.Combine(inside, "new"), "");
            throw new IOException("The disk is full.");
        }));

        Assert.Equal([Path.Combine(path, "old")], Directory.GetFileSystemEntries(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Root));
    }
}
