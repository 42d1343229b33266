using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Imaging.Similarity;
using Trainer.Core.Samples;
using Xunit;

namespace Trainer.Core.Tests.Imaging.Similarity;

public sealed class PerceptualHashTests : IDisposable
{
    private const int Count = 40;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AgreesWithMeansOfA9By8Grid()
    {
        var image = Drawn.Noise(9, 8, seed: 1); // already as small as the grid, so resizing doesn't change it
        ulong expected = 0;
        for (var y = 0; y < 8; y++)
        {
            for (var x = 0; x < 8; x++)
            {
                expected = (2 * expected) + (Brightness(image.At(x, y)) > Brightness(image.At(x + 1, y)) ? 1UL : 0);
            }
        }

        Assert.Equal(expected, PerceptualHash.Of(image));
    }

    [Theory]
    [InlineData(0UL, 0UL, 0)]
    [InlineData(0UL, ulong.MaxValue, 64)]
    [InlineData(0b1011UL, 0b0110UL, 3)]
    public void DistanceCountsBits(ulong a, ulong b, int distance) => Assert.Equal(distance, PerceptualHash.Distance(a, b));

    /// <summary>
    /// Many drawn pictures are flat in places, where noise decides a bit, so a few copies are missed after strong compression.
    /// </summary>
    [Fact]
    public void CopiesOfDrawnPicturesAreNearAndOthersSeldomAre() =>
        AssertCopiesAreNear([.. Enumerable.Range(0, Count).Select(Draw)], mostMissed: Count / 8);

    [Fact]
    public void CopiesOfPhotosAreNearAndOthersSeldomAre()
    {
        string[] folders = [.. new[] { "rice_test", "coco_test" }.Select(name => Path.Combine(SharedFiles.Data ?? "", name))];
        Assert.SkipUnless(folders.All(Directory.Exists), "shared/data holds no photos beside the repository.");

        var photos = folders.SelectMany(path => Directory.GetFiles(path).Order(StringComparer.Ordinal).Take(Count / 2))
            .Select(ImageDecoder.Decode);

        AssertCopiesAreNear([.. photos], mostMissed: 1);
    }

    [Fact]
    public void SecondHashIsThatOfTheMirroredPicture()
    {
        var picture = Draw(1);
        using var vips = picture.ToVips();
        using var mirrored = vips.FlipHor();

        var other = PerceptualHash.Both(new RgbImage(picture.Width, picture.Height, mirrored.WriteToMemory<byte>()));

        Assert.Equal((other.Mirrored, other.Plain), PerceptualHash.Both(picture));
    }

    [Fact]
    public void MirroredIsAnotherPicture()
    {
        var picture = Draw(0);
        using var vips = picture.ToVips();
        using var mirrored = vips.FlipHor();

        var other = new RgbImage(picture.Width, picture.Height, mirrored.WriteToMemory<byte>());

        Assert.InRange(PerceptualHash.Distance(PerceptualHash.Of(picture), PerceptualHash.Of(other)), PerceptualHash.NearBits + 1, 64);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 500)]
    [InlineData(500, 2)]
    public void AnySizeHasOne(int width, int height)
    {
        var image = Drawn.Noise(width, height, seed: 2);

        Assert.Equal(PerceptualHash.Of(image), PerceptualHash.Of(image));
    }

    private void AssertCopiesAreNear(RgbImage[] pictures, int mostMissed)
    {
        var hashes = Array.ConvertAll(pictures, PerceptualHash.Of);

        var halves = pictures.Select((picture, i) => PerceptualHash.Distance(hashes[i], PerceptualHash.Of(Half(picture))));
        var again = pictures.Select((picture, i) => PerceptualHash.Distance(hashes[i], PerceptualHash.Of(Recompressed(picture)))).ToArray();
        var others = (from i in Enumerable.Range(0, Count)
                      from j in Enumerable.Range(0, i)
                      select PerceptualHash.Distance(
            hashes[i], hashes[j])).ToArray();

        Assert.All(halves, bits => Assert.InRange(bits, 0, PerceptualHash.NearBits));
        Assert.InRange(again.Count(bits => bits > PerceptualHash.NearBits), 0, mostMissed);
        Assert.InRange(again.Average(), 0, 2);
        Assert.InRange(others.Count(bits => bits <= PerceptualHash.NearBits), 0, others.Length / 100);
        Assert.InRange(others.Average(), 28, 36); // 32 for independent hashes
    }

    private static int Brightness(byte[] colour) => (299 * colour[0]) + (587 * colour[1]) + (114 * colour[2]);

    private RgbImage Draw(int index)
    {
        var kind = (SampleKind)(index % 3);
        return ImageDecoder.Decode(folder.Write($"{index}.jpg", SamplePictures.Draw(kind, index, seed: 5)));
    }

    private static RgbImage Half(RgbImage image) => new(
        image.Width / 2, image.Height / 2,
        Resampler.Resize(image, new CropBox(0, 0, image.Width, image.Height), image.Width / 2, image.Height / 2));

    private RgbImage Recompressed(RgbImage image)
    {
        using var vips = image.ToVips();
        return ImageDecoder.Decode(folder.Write("again.jpg", vips.JpegsaveBuffer(q: 60)));
    }
}
