using NetVips;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;
using Xunit;

namespace Trainer.Core.Tests.Imaging;

public sealed class OrientationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, "red green blue yellow")]
    [InlineData(2, "green red yellow blue")] // mirrored
    [InlineData(3, "yellow blue green red")] // half a turn
    [InlineData(4, "blue yellow red green")]
    [InlineData(5, "red blue green yellow")] // from here on width and height are swapped
    [InlineData(6, "blue red yellow green")] // a phone held upright
    [InlineData(7, "yellow green blue red")]
    [InlineData(8, "green yellow red blue")]
    public void ExifOrientationIsApplied(int orientation, string quarters)
    {
        var path = folder.PathOf("turned.jpg");
        using (var vips = Drawn.Quarters(64, 48).ToVips())
        using (var turned = vips.Mutate(image => image.Set(GValue.GIntType, "orientation", orientation)))
        {
            turned.Jpegsave(path, q: 95, subsampleMode: Enums.ForeignSubsample.Off);
        }

        var decoded = ImageDecoder.Decode(path);

        Assert.Equal(orientation < 5 ? (64, 48) : (48, 64), (decoded.Width, decoded.Height));
        Assert.Equal(quarters, Drawn.QuartersOf(decoded));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(3)]
    public void OrientationSurvivesReducingWhileDecoding(int orientation)
    {
        var path = folder.PathOf("large.jpg");
        using (var vips = Drawn.Quarters(1600, 1200).ToVips())
        using (var turned = vips.Mutate(image => image.Set(GValue.GIntType, "orientation", orientation)))
        {
            turned.Jpegsave(path);
        }

        var decoded = ImageDecoder.Decode(path);

        Assert.Equal(orientation == 6 ? (300, 400) : (400, 300), (decoded.Width, decoded.Height));
        Assert.Equal(orientation == 6 ? "blue" : "yellow", Drawn.NameOf(decoded.At(20, 20)));
    }

    [Fact]
    public void OrientedFilesOfOthersAllShowTheSamePicture()
    {
        var upright = ImageDecoder.Decode(BadFiles.PathOf("pil_hopper.jpg"));
        foreach (var name in (string[])[
            "orientation_2.jpg", "orientation_4.jpg", "orientation_5.jpg", "orientation_8.jpg", "orientation_6.webp"])
        {
            var turned = ImageDecoder.Decode(BadFiles.PathOf("pil_hopper_" + name));

            Assert.InRange(Drawn.MeanDifference(upright.Pixels, turned.Pixels), 0, 8);
        }
    }

    [Fact]
    public void OrientationAgreesWithOpenCv()
    {
        var image = ImageDecoder.Decode(GoldenFiles.PathOf("preprocess/g_exif6_120x90.jpg"));
        var golden = ImageDecoder.Decode(GoldenFiles.PathOf("preprocess/g_exif6_120x90.jpg.cv2.png"));

        var pixels = Resampler.Resize(image, new CropBox(0, 0, image.Width, image.Height), 128, 128);

        Assert.Equal((90, 120), (image.Width, image.Height));
        Assert.InRange(Drawn.MaxDifference(golden.Pixels, pixels), 0, 2); // both enlarge, so the filters agree
    }
}
