using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Imaging.Similarity;
using Trainer.Core.Samples;
using Xunit;

namespace Trainer.Core.Tests.Imaging.Similarity;

public sealed class PictureSketchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Scale, JPEG quality, and whether mirrored.</summary>
    public static TheoryData<double, int, bool> Copies =>
        new() { { 1, 50, false }, { 0.5, 75, false }, { 1.7, 60, false }, { 1, 90, true }, { 0.5, 50, true }, { 1.5, 70, true } };

    [Theory]
    [MemberData(nameof(Copies))]
    public void CopiesAreRecognised(double scale, int quality, bool mirrored)
    {
        var pictures = Enumerable.Range(0, 12).Select(Draw).ToArray();

        var kinds = pictures.Select(
            picture => PictureSketch.Of(Again(picture, scale, quality, mirrored)).Compare(PictureSketch.Of(picture)));

        Assert.All(kinds, kind => Assert.Equal(mirrored ? CopyKind.Mirrored : CopyKind.Plain, kind));
    }

    [Fact]
    public void DifferentPicturesAreNot()
    {
        var sketches = Enumerable.Range(0, 60).Select(i => PictureSketch.Of(Draw(i))).ToArray();

        Assert.All(Pairs(sketches), pair => Assert.Equal(CopyKind.None, pair.A.Compare(pair.B)));
    }

    /// <summary>The photos' publishers say that no two in a folder are near-duplicates, yet hashes alone report dozens.</summary>
    [Fact]
    public void DifferentPhotosAreNot()
    {
        string[] folders = [.. new[] { "rice_test", "shift/rice_plain" }.Select(name => Path.Combine(SharedFiles.Data ?? "", name))];
        Assert.SkipUnless(folders.All(Directory.Exists), "shared/data holds no photos beside the repository.");

        var sketches = folders.SelectMany(Directory.GetFiles).AsParallel().WithDegreeOfParallelism(2)
            .Select(path => PictureSketch.Of(ImageDecoder.Decode(path))).ToArray();

        Assert.All(Pairs(sketches), pair => Assert.Equal(CopyKind.None, pair.A.Compare(pair.B)));
        Assert.Contains(Pairs(sketches), pair => PerceptualHash.Distance(pair.A.Hash, pair.B.Hash) <= PerceptualHash.NearBits);
    }

    [Fact]
    public void PlainPicturesOfDifferentColoursAreNot()
    {
        var (grey, lighter) = (PictureSketch.Of(Plain(120)), PictureSketch.Of(Plain(123)));

        Assert.Equal(CopyKind.None, grey.Compare(lighter));
    }

    private static IEnumerable<(PictureSketch A, PictureSketch B)> Pairs(PictureSketch[] sketches) =>
        from a in Enumerable.Range(0, sketches.Length) from b in Enumerable.Range(0, a) select (sketches[a], sketches[b]);

    private static RgbImage Plain(byte value) => new(40, 30, [.. Enumerable.Repeat(value, 40 * 30 * 3)]);

    private RgbImage Draw(int index) =>
        ImageDecoder.Decode(folder.Write($"{index}.jpg", SamplePictures.Draw((SampleKind)(index % 3), index, seed: 5)));

    private RgbImage Again(RgbImage image, double scale, int quality, bool mirrored)
    {
        using var vips = image.ToVips();
        using var resized = vips.Resize(scale);
        using var turned = mirrored ? resized.FlipHor() : resized.Copy();
        return ImageDecoder.Decode(folder.Write("again.jpg", turned.JpegsaveBuffer(q: quality)));
    }
}
