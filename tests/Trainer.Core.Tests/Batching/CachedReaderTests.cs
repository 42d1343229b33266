using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Caching;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Samples;
using Xunit;

namespace Trainer.Core.Tests.Batching;

public sealed class CachedReaderTests
{
    private static readonly int Side = Preprocessing.Default.TrainingShorterSide;

    [Fact]
    public void ACachedPictureIsTheDecodedOneAndNeedsNoFile()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.PathOf("plant.jpg"), SamplePictures.Draw(SampleKind.Normal, 0, seed: 1));
        var image = ImageFolder.Scan(folder.Root).Images.Single();
        var decoded = ImageDecoder.DecodeTowards(Side, image.Path);
        using var cache = PixelCache.Open(folder.PathOf("cache"), long.MaxValue);
        var reader = new CachedReader(cache);

        var first = reader.Read(image, Side);
        File.Delete(image.Path);
        var second = reader.Read(image, Side);

        Assert.Equal(decoded.Pixels, first.Pixels);
        Assert.Equal((decoded.Width, decoded.Height), (second.Width, second.Height));
        Assert.Equal(decoded.Pixels, second.Pixels);
    }

    [Fact]
    public void RunsOfTwoSizesShareACacheButNoPicture()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.PathOf("plant.jpg"), SamplePictures.DrawLarge(SampleKind.Normal, 0, seed: 1));
        var image = ImageFolder.Scan(folder.Root).Images.Single();
        using var cache = PixelCache.Open(folder.PathOf("cache"), long.MaxValue);
        var reader = new CachedReader(cache);
        var preprocessings = Preprocessing.Edges.Select(edge => new Preprocessing(edge)).ToArray();
        int[] sides = [.. preprocessings.SelectMany(
            preprocessing => new[] { preprocessing.TrainingShorterSide, preprocessing.ShorterSide })];

        _ = sides.Select(side => reader.Read(image, side)).Count(); // into the cache
        Array.ForEach(sides, side => Assert.Equal(ImageDecoder.DecodeTowards(side, image.Path).Pixels, reader.Read(image, side).Pixels));

        Assert.Equal(sides.Distinct().Count(), cache.Count);
    }

    [Fact]
    public void WithoutACacheTheFileIsRead()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.PathOf("plant.jpg"), SamplePictures.Draw(SampleKind.Normal, 0, seed: 1));
        var image = ImageFolder.Scan(folder.Root).Images.Single();
        var reader = new CachedReader();
        reader.Read(image, Side);
        File.Delete(image.Path);

        Assert.Throws<UndecodableImageException>(() => reader.Read(image, Side));
    }
}
