using NetVips;
using Trainer.Core.Imaging;
using Xunit;

namespace Trainer.Core.Tests.Imaging;

/// <summary>Tests the filters of other programs against libvips, and by their effect on a plain picture.</summary>
public sealed class ResampleFilterTests
{
    [Theory]
    [InlineData(ResampleFilter.Antialiased)]
    [InlineData(ResampleFilter.Bilinear)]
    [InlineData(ResampleFilter.Nearest)]
    [InlineData(ResampleFilter.Lanczos)]
    public void APlainPictureStaysPlain(ResampleFilter filter)
    {
        var plain = new RgbImage(50, 40, [.. Enumerable.Repeat(new byte[] { 10, 120, 250 }, 50 * 40).SelectMany(pixel => pixel)]);

        var small = Resampler.Resize(plain, new CropBox(3.5, 2, 33, 31), 16, 16, filter);

        Assert.All(small.Chunk(3), pixel => Assert.Equal(new byte[] { 10, 120, 250 }, pixel));
    }

    [Fact]
    public void NearestTakesPixelsAsTheyAre()
    {
        var noise = Drawn.Noise(64, 64, seed: 1);

        var small = Resampler.Resize(noise, new CropBox(0, 0, 64, 64), 16, 16, ResampleFilter.Nearest);

        for (var i = 0; i < 16 * 16; i++)
        {
            var from = ((((i / 16 * 4) + 2) * 64) + (i % 16 * 4) + 2) * 3;
            Assert.Equal(noise.Pixels[from..(from + 3)], small[(i * 3)..((i * 3) + 3)]);
        }
    }

    [Fact]
    public void LanczosIsLibvipsOwn()
    {
        var noise = Drawn.Soft(128, 128, seed: 2);
        using var image = Image.NewFromMemory(noise.Pixels, 128, 128, 3, Enums.BandFormat.Uchar);
        using var resized = image.Resize(0.25, kernel: Enums.Kernel.Lanczos3);

        var small = Resampler.Resize(noise, new CropBox(0, 0, 128, 128), 32, 32, ResampleFilter.Lanczos);

        Assert.InRange(small.Zip(resized.WriteToMemory<byte>(), (a, b) => Math.Abs(a - b)).Average(), 0, 1.5);
    }

    [Fact]
    public void BilinearLooksAtTwoPixelsHoweverMuchThePictureShrinks()
    {
        var stripes = new RgbImage(
            64, 64, [.. Enumerable.Range(0, 64 * 64).SelectMany(i => Enumerable.Repeat((byte)(i % 64 % 8 == 0 ? 255 : 0), 3))]);

        var small = Resampler.Resize(stripes, new CropBox(0, 0, 64, 64), 8, 8, ResampleFilter.Bilinear);

        Assert.All(small, value => Assert.Equal(0, value)); // an antialiased filter would include the stripes, an eighth of the picture
    }
}
