using System.Diagnostics;
using Trainer.Core.Catalog;
using Xunit;

namespace Trainer.Core.Tests.Catalog;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void MissingFolderIsNamed()
    {
        var path = Path.Combine(folder.Root, "rise");

        var error = Assert.Throws<TrainerException>(() => ImageFolder.Scan(path));

        Assert.Contains($"There is no folder '{path}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EmptyFolderIsRefused()
    {
        var error = Assert.Throws<TrainerException>(() => ImageFolder.Scan(folder.Root));

        Assert.Contains($"Found 0 pictures in '{folder.Root}' (0 other files)", error.Message, StringComparison.Ordinal);
        Assert.Contains(".jpg, .jpeg", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FolderWithoutPicturesSaysHowManyFilesItSaw()
    {
        folder.Write("notes.txt", 1);
        folder.Write("below/labels.csv", 1);

        var error = Assert.Throws<TrainerException>(() => ImageFolder.Scan(folder.Root));

        Assert.Contains("(2 other files)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FolderOfUnreadablePicturesSaysWhy()
    {
        Directory.CreateDirectory(folder.PathOf("links"));
        File.CreateSymbolicLink(folder.PathOf("links/a.jpg"), "nowhere");

        var error = Assert.Throws<TrainerException>(() => ImageFolder.Scan(folder.PathOf("links")));

        Assert.StartsWith(
            $"None of 1 picture in '{folder.PathOf("links")}' can be read: Could not find file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FileInPlaceOfAFolderIsRefused()
    {
        var file = folder.Write("a.jpg", 1);

        var error = Assert.Throws<TrainerException>(() => ImageFolder.Scan(file));

        Assert.Contains("is a file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SubfoldersAreSearchedAndNamesUseSlashes()
    {
        folder.Write("b.jpg", 1);
        folder.Write("deep/er/still/a.png", 2);

        var found = ImageFolder.Scan(folder.Root);

        Assert.Equal(["b.jpg", "deep/er/still/a.png"], found.Images.Select(image => image.Name));
        Assert.All(found.Images, image => Assert.True(File.Exists(image.Path)));
    }

    [Fact]
    public void SpacesAndOtherAlphabetsAreKept()
    {
        string[] names = ["Grüne Felder/öl & wasser.jpg", "a b  c.jpg", "稲/葉 (1).jpeg", "quote's [x=1] %d.png", "dots.in.name.webp"];
        foreach (var name in names)
        {
            folder.Write(name, 1);
        }

        var found = ImageFolder.Scan(folder.Root);

        Assert.Equal(names.Order(StringComparer.Ordinal), found.Images.Select(image => image.Name));
    }

    [Fact]
    public void HiddenFilesAndFoldersAreNotLookedAt()
    {
        folder.Write("a.jpg", 1);
        folder.Write("._a.jpg", 1); // macOS's resource forks next to the real files
        folder.Write(".thumbnails/b.jpg", 1);
        folder.Write("sub/.cache/deep/c.jpg", 1);

        var found = ImageFolder.Scan(folder.Root);

        Assert.Equal("a.jpg", Assert.Single(found.Images).Name);
        Assert.Equal(0, found.OtherFiles);
    }

    [Fact]
    public void EndingsCountInAnyCaseAndOthersAreCounted()
    {
        foreach (var name in (string[])["a.JPG", "b.Jpeg", "c.PnG", "d.HEIC", "e.txt", "f", "g.jpg.bak", "jpg"])
        {
            folder.Write(name, 1);
        }

        var found = ImageFolder.Scan(folder.Root);

        Assert.Equal(["a.JPG", "b.Jpeg", "c.PnG", "d.HEIC"], found.Images.Select(image => image.Name));
        Assert.Equal(4, found.OtherFiles);
    }

    [Fact]
    public void EveryEndingIsFound()
    {
        foreach (var extension in ImageFolder.Extensions)
        {
            folder.Write($"a{extension}", 1);
        }

        Assert.Equal(ImageFolder.Extensions.Count, ImageFolder.Scan(folder.Root).Images.Count);
    }

    [Fact]
    public void OrderIsThatOfTheNamesWhateverCameFirst()
    {
        using var other = new TemporaryFolder();
        string[] names = ["b.jpg", "B.jpg", "a10.jpg", "a2.jpg", "a/z.jpg", "ä.jpg"];
        foreach (var name in names)
        {
            folder.Write(name, 1);
        }

        foreach (var name in names.Reverse())
        {
            other.Write(name, 1);
        }

        var (found, again) = (ImageFolder.Scan(folder.Root), ImageFolder.Scan(other.Root));

        Assert.Equal(names.Order(StringComparer.Ordinal), found.Images.Select(image => image.Name));
        Assert.Equal(found.Images.Select(image => image.Name), again.Images.Select(image => image.Name));
    }

    [Fact]
    public void TrailingSlashAndRelativePathChangeNothing()
    {
        folder.Write("sub/a.jpg", 1);
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, folder.Root);

        var found = (string[])[.. new[] { folder.Root, folder.Root + "/", relative }.Select(path => ImageFolder.Scan(path).Images[0].Path)];

        Assert.Single(found.Distinct());
    }

    [Fact]
    public void EqualFilesHaveEqualKeysAndOthersDoNot()
    {
        folder.Write("a.jpg", 1, 2, 3);
        folder.Write("copy/b.png", 1, 2, 3);
        folder.Write("c.jpg", 1, 2, 4);

        var keys = ImageFolder.Scan(folder.Root).Images.ToDictionary(image => image.Name, image => image.ContentKey);

        Assert.Equal(keys["a.jpg"], keys["copy/b.png"]);
        Assert.NotEqual(keys["a.jpg"], keys["c.jpg"]);
    }

    [Fact]
    public void UnreadableFileIsSkippedByName()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "A link to nowhere needs rights on Windows.");
        folder.Write("a.jpg", 1);
        File.CreateSymbolicLink(folder.PathOf("gone.jpg"), folder.PathOf("nowhere.jpg")); // root ignores permissions, but not this

        var found = ImageFolder.Scan(folder.Root);

        Assert.Equal("a.jpg", Assert.Single(found.Images).Name);
        Assert.EndsWith("gone.jpg", Assert.Single(found.Skipped).Path, StringComparison.Ordinal);
    }

    [Fact]
    public void LinksToFoldersAreFollowed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Links need rights on Windows.");
        using var elsewhere = new TemporaryFolder();
        elsewhere.Write("a.jpg", 1);
        Directory.CreateSymbolicLink(folder.PathOf("linked"), elsewhere.Root);

        Assert.Equal("linked/a.jpg", Assert.Single(ImageFolder.Scan(folder.Root).Images).Name);
    }

    [Fact]
    public void LinksInACircleEnd()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Links need rights on Windows.");
        folder.Write("sub/a.jpg", 1);
        Directory.CreateSymbolicLink(folder.PathOf("sub/up"), folder.Root);
        Directory.CreateSymbolicLink(folder.PathOf("sub/again"), folder.PathOf("sub"));
        var clock = Stopwatch.StartNew();

        var found = ImageFolder.Scan(folder.Root);

        Assert.Equal("sub/a.jpg", Assert.Single(found.Images).Name);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"It took {clock.Elapsed}.");
    }
}
