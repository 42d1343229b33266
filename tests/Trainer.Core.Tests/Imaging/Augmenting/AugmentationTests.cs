using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Imaging.Augmenting;

public sealed class AugmentationTests
{
    private static readonly RgbImage Image = Drawn.Soft(150, 110);

    [Fact]
    public void IsAPureFunctionOfItsGenerator()
    {
        var first = Augmented(7);

        _ = Augmented(8);

        Assert.Equal(first, Augmented(7));
        Assert.NotEqual(first, Augmented(8));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 900)]
    [InlineData(900, 2)]
    [InlineData(128, 128)]
    [InlineData(500, 300)]
    public void AnyPictureGives128By128(int width, int height)
    {
        var image = Drawn.Noise(width, height, seed: 1);

        for (ulong key = 0; key < 20; key++)
        {
            Assert.Equal(128 * 128 * 3, Augmentation.ToInput(image, AugmentationMode.CropAndFlip, new CounterRandom(key), 128).Length);
        }
    }

    [Fact]
    public void NoneIsWhatValidationSees() =>
        Assert.Equal(Preprocessing.Default.ToInput(Image), Augmentation.ToInput(Image, AugmentationMode.None, new CounterRandom(1), 128));

    [Fact]
    public void HalfAreMirrored()
    {
        var ramp = Ramp(140, 140); // the brighter side shows it

        var mirrored = Enumerable.Range(0, 400).Count(key =>
        {
            var pixels = Augmentation.ToInput(ramp, AugmentationMode.CropAndFlip, new CounterRandom((ulong)key), 128);
            return pixels[0] > pixels[127 * 3];
        });

        Assert.InRange(mirrored, 160, 240); // 200, four standard deviations of 10
    }

    [Fact]
    public void MirroringOnlyTurnsRowsAround()
    {
        var flat = new RgbImage(1, 200, Drawn.Noise(1, 200, seed: 2).Pixels); // a mirrored column is itself

        var pixels = new RgbImage(128, 128, Augmentation.ToInput(flat, AugmentationMode.CropAndFlip, new CounterRandom(1), 128));

        for (var y = 0; y < 128; y++)
        {
            Assert.Equal(pixels.At(0, y), pixels.At(127, y));
        }
    }

    /// <summary>In a ramp the brightness at the edges shows the width and the place of the crop.</summary>
    [Fact]
    public void CropsVaryInSizeAndPlaceAndStayInside()
    {
        var ramp = Ramp(255, 255);
        var (widths, starts) = (new List<int>(), new List<int>());

        for (ulong key = 0; key < 200; key++)
        {
            var pixels = Augmentation.ToInput(ramp, AugmentationMode.CropAndFlip, new CounterRandom(key), 128);
            var (left, right) = (pixels[0], pixels[127 * 3]);
            widths.Add(Math.Abs(right - left));
            starts.Add(Math.Min(left, right));
        }

        var least = Math.Sqrt(Augmentation.LeastArea * 3 / 4) * 255; // the narrowest shape of the smallest crop
        Assert.InRange(widths.Min(), least - 4, 0.6 * 255);
        Assert.InRange(widths.Max(), 0.95 * 255 - 4, 255);
        Assert.InRange(starts.Max() - starts.Min(), 60, 255);
    }

    private static byte[] Augmented(ulong key) => Augmentation.ToInput(Image, AugmentationMode.CropAndFlip, new CounterRandom(key), 128);

    /// <summary>A ramp from black at the left to white at the right.</summary>
    private static RgbImage Ramp(int width, int height) =>
        new(width, height, [.. Enumerable.Range(0, width * height * 3).Select(i => (byte)(i / 3 % width * 255 / (width - 1)))]);
}
