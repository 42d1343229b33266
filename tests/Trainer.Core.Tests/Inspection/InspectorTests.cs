using NetVips;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Imaging;
using Trainer.Core.Inspection;
using Trainer.Core.Platform;
using Trainer.Core.Samples;
using Trainer.Core.Tests.Imaging;
using Xunit;

namespace Trainer.Core.Tests.Inspection;

public sealed class InspectorTests : IDisposable
{
    private const int Count = 24;

    private static readonly byte[][] Normals = Photos(SampleKind.Normal);
    private static readonly byte[][] Negatives = Photos(SampleKind.Negative);

    private readonly TemporaryFolder folder = new();

    public InspectorTests()
    {
        for (var i = 0; i < Count; i++)
        {
            folder.Write($"normal/{i:d2}.jpg", Normals[i]);
            folder.Write($"coco/{i:d2}.jpg", Negatives[i]);
        }
    }

    public void Dispose() => folder.Dispose();

    private static byte[][] Photos(SampleKind kind) => [.. Enumerable.Range(0, Count).Select(i => SamplePictures.Draw(kind, i, seed: 3))];

    [Fact]
    public void DifferentPicturesGiveNoDuplicates() => Assert.Empty(Inspect().Duplicates);

    [Fact]
    public void TenCopiesResizedSavedAgainAndMirroredAreFoundEach()
    {
        (double Scale, int Quality, bool Mirrored)[] ways =
            [(0.5, 75, false), (0.7, 50, true), (1, 40, false), (1, 90, true), (1.5, 60, false), (0.6, 80, true), (1, 60, false),
            (2, 70, true), (0.8, 45, false), (0.5, 90, true)];
        for (var i = 0; i < ways.Length; i++)
        {
            Copy($"normal/{i:d2}.jpg", i % 2 == 0 ? $"normal/copies/{i}.jpg" : $"coco/copy {i}.webp", ways[i]);
        }

        var findings = Inspect();

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i:d2}.jpg"),
            findings.Duplicates.Select(group => Assert.Single(group.Pictures, picture => IsOriginal(picture.Name)).Name).Order());
        Assert.All(findings.Duplicates, group => Assert.Equal(2, group.Pictures.Count));
        // those among the negatives, which come first
        Assert.Equal(5, findings.Duplicates.Count(group => group.AcrossSets && group.Contradicts));
        Assert.All(findings.Duplicates.Take(5), group => Assert.True(group.Contradicts));
        Assert.Equal(5, findings.Duplicates.Count(group => group.Pictures[1].How == DuplicateKind.Mirrored));
        Assert.StartsWith(
            "5 pictures are both among the normals and among the negatives", findings.Warnings[0].Text, StringComparison.Ordinal);
        Assert.Contains(findings.Warnings, warning =>
            warning.Text.StartsWith("normal: 5 of 29 pictures are copies", StringComparison.Ordinal));
        Assert.Equal(Count, findings.Enough.Normals); // copies count once

        static bool IsOriginal(string name) => name.Length == 6;
    }

    [Fact]
    public void EqualFilesAreToldFromCopies()
    {
        File.Copy(folder.PathOf("normal/03.jpg"), folder.PathOf("coco/same.jpg"));

        var group = Assert.Single(Inspect().Duplicates);

        Assert.Equal([("normal", "03.jpg", DuplicateKind.First), ("coco", "same.jpg", DuplicateKind.Equal)],
            group.Pictures.Select(picture => (picture.Set, picture.Name, picture.How)));
    }

    [Fact]
    public void SquareNormalsAmongWidePicturesAreAShortcut()
    {
        foreach (var file in Directory.GetFiles(folder.PathOf("coco")))
        {
            Crop(file, width: 160, height: 120);
        }

        foreach (var file in Directory.GetFiles(folder.PathOf("normal")))
        {
            Crop(file, width: 120, height: 120);
        }

        var findings = Inspect();

        var shape = Assert.Single(findings.Shortcuts, shortcut => shortcut.Property == TrivialProperty.AspectRatio);
        Assert.Equal((1.0, true), (shape.Auroc, shape.Strong));
        Assert.Contains(findings.Warnings, warning =>
            warning.Text.StartsWith("100 % of the normals are square, 0 % of coco.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(TrivialProperty.GreenShare)]
    [InlineData(TrivialProperty.Hue)]
    public void GreenNormalsAreAShortcut(TrivialProperty property)
    {
        foreach (var file in Directory.GetFiles(folder.PathOf("normal")))
        {
            Change(file, image => image.Linear([0.6, 1.2, 0.5], [0.0, 0, 0]));
        }

        foreach (var file in Directory.GetFiles(folder.PathOf("coco")))
        {
            Change(file, image => image.Linear([1.1, 0.8, 1.1], [0.0, 0, 0]));
        }

        var findings = Inspect();

        Assert.True(Assert.Single(findings.Shortcuts, shortcut => shortcut.Property == property).Strong);
        // once for both
        Assert.Single(findings.Warnings, warning => warning.ToDo.StartsWith("The network may learn the colour.", StringComparison.Ordinal));
    }

    [Fact]
    public void CompressionIsAShortcut()
    {
        foreach (var (file, i) in Directory.GetFiles(folder.PathOf("normal")).Select((file, i) => (file, i)))
        {
            Change(file, image => image.Copy(), quality: 30 + i);
        }

        var quality = Assert.Single(Inspect().Shortcuts, shortcut => shortcut.Property == TrivialProperty.JpegQuality);

        Assert.Equal((1.0, ShortcutRelation.Lower), (quality.Auroc, quality.Relation));
        Assert.InRange(quality.Normals.Median, 40, 43);
    }

    [Fact]
    public void ScreenshotsAreCalledByTheirName()
    {
        foreach (var file in Directory.GetFiles(folder.PathOf("normal")))
        {
            using var image = Image.NewFromBuffer(File.ReadAllBytes(file));
            image.Pngsave(Path.ChangeExtension(file, ".png"));
            File.Delete(file);
        }

        var findings = Inspect();

        var warning = Assert.Single(findings.Warnings, warning => warning.Text.Contains("screenshots", StringComparison.Ordinal));
        Assert.StartsWith(
            "100 % of the normals are PNG or a similar format, and 0 % of coco. Cameras write JPEG or HEIC", warning.Text,
            StringComparison.Ordinal);
        Assert.DoesNotContain(findings.Warnings, warning => warning.ToDo.Contains("compressed more strongly", StringComparison.Ordinal));
        Assert.DoesNotContain(findings.Shortcuts, shortcut => shortcut.Property == TrivialProperty.JpegQuality); // PNG has none
    }

    [Fact]
    public void TwoDrawsOfTheSameSetHaveNoShortcut()
    {
        for (var i = 0; i < Count; i++)
        {
            folder.Write($"coco/{i:d2}.jpg", SamplePictures.Draw(SampleKind.Normal, i, seed: 4));
        }

        Assert.All(Inspect().Shortcuts, shortcut => Assert.False(shortcut.Strong, $"{shortcut.Property} {shortcut.Auroc}"));
    }

    [Fact]
    public void OddPicturesAreNamedWithTheReason()
    {
        Drawn.Soft(90, 300).Save(folder.PathOf("normal/small.png"));
        Drawn.Soft(900, 200).Save(folder.PathOf("normal/strip.png"));
        new Core.Imaging.RgbImage(200, 200, [.. Enumerable.Repeat((byte)80, 200 * 200 * 3)]).Save(folder.PathOf("normal/wall.png"));

        var odd = Inspect().Sets[0].Odd;

        Assert.Equal(
            ["small.png: only 90x300 pixels; the network looks at 128x128",
                "strip.png: one side is 4.5 times the other; the network looks at the middle square",
            "wall.png: nearly plain: there is nothing to see"],
            odd.Select(picture => $"{picture.Name}: {picture.Reason}"));
    }

    [Fact]
    public void SetsAreCounted()
    {
        folder.Write("coco/torn.jpg", File.ReadAllBytes(folder.PathOf("coco/00.jpg")).AsSpan(0, 2000));
        folder.Write("coco/notes.txt", 1);
        Drawn.Soft(400, 300).Save(folder.PathOf("coco/wide.png"));

        var coco = Inspect().Sets[1];

        Assert.Equal((Count + 1, 1), (coco.Pictures, coco.OtherFiles));
        Assert.Equal([new("JPEG", Count), new FormatCount("PNG", 1)], coco.Formats);
        Assert.Equal("torn.jpg", Path.GetFileName(Assert.Single(coco.Unreadable).Path));
        Assert.Equal((400, 300), (coco.Sizes?.LargestWidth, coco.Sizes?.LargestHeight));
    }

    [Fact]
    public void FormatsOfBothDecodersAreCounted()
    {
        var drawn = Drawn.Soft(300, 200);
        foreach (var name in (string[])["a.bmp", "b.bmp", "c.bmp", "d.tga", "e.tga", "f.ppm"])
        {
            drawn.Save(folder.PathOf($"coco/{name}"));
        }

        var coco = Inspect().Sets[1];

        Assert.Equal([new("JPEG", Count), new("BMP", 3), new("TGA", 2), new FormatCount("PBM/PGM/PPM", 1)], coco.Formats);
        Assert.Empty(coco.Unreadable);
    }

    [Fact]
    public void FindingsSurviveJson()
    {
        var findings = Inspect();

        var json = System.Text.Json.JsonSerializer.Serialize(findings, Json.Line);

        Assert.Equal(json,
            System.Text.Json.JsonSerializer.Serialize(
            System.Text.Json.JsonSerializer.Deserialize<DataFindings>(json, Json.Line), Json.Line));
    }

    private DataFindings Inspect() => new Inspector(Preprocessing.Default, threads: 2).Inspect(
        [
            new(InspectionSet.Normal, SetRole.Normal, ImageFolder.Scan(folder.PathOf("normal"))),
            new(InspectionSet.Coco, SetRole.Negative, ImageFolder.Scan(folder.PathOf("coco"))),
        ],
        accept: 0.95, new SkippedFiles(), cancel: TestContext.Current.CancellationToken);

    private void Copy(string from, string to, (double Scale, int Quality, bool Mirrored) way)
    {
        using var image = Image.NewFromFile(folder.PathOf(from));
        using var resized = image.Resize(way.Scale);
        using var turned = way.Mirrored ? resized.FlipHor() : resized.Copy();
        turned.WriteToFile(folder.PathOf(to), new VOption { { "Q", way.Quality } });
    }

    private static void Crop(string file, int width, int height) => Change(file, image => image.ExtractArea(0, 0, width, height));

    private static void Change(string file, Func<Image, Image> change, int quality = 90)
    {
        using var image = Image.NewFromBuffer(File.ReadAllBytes(file));
        using var changed = change(image);
        using var bytes = changed.Cast(Enums.BandFormat.Uchar);
        File.WriteAllBytes(file, bytes.JpegsaveBuffer(q: quality));
    }
}
