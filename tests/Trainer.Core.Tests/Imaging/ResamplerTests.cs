using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Imaging;

public sealed class ResamplerTests
{
    /// <summary>Pillow also rounds between the axes; we round only at the end.</summary>
    [Theory]
    [InlineData("a_640x480.jpg")]
    [InlineData("b_333x500.png")]
    [InlineData("e_256x256.png")]
    public void AgreesWithPillow(string name)
    {
        var image = ImageDecoder.Decode(GoldenFiles.PathOf($"preprocess/{name}"));
        var golden = ImageDecoder.Decode(GoldenFiles.PathOf($"preprocess/{name}.pil.png"));

        var pixels = Resampler.Resize(image, new CropBox(0, 0, image.Width, image.Height), 128, 128);

        Assert.InRange(Drawn.MaxDifference(golden.Pixels, pixels), 0, 1);
    }

    [Theory]
    [InlineData(64, 48, 16, 12)]
    [InlineData(65, 47, 16, 13)]
    [InlineData(20, 30, 20, 30)]
    [InlineData(9, 7, 30, 25)]  // enlarging
    [InlineData(40, 5, 8, 12)]  // one axis down, the other up
    [InlineData(1, 1, 6, 6)]
    [InlineData(2, 90, 5, 5)]
    public void AgreesWithSummingOverEveryPixel(int width, int height, int resultWidth, int resultHeight)
    {
        var image = Drawn.Noise(width, height, seed: 1);
        var box = new CropBox(0, 0, width, height);

        var pixels = Resampler.Resize(image, box, resultWidth, resultHeight);

        AssertIsTheSum(image, box, resultWidth, resultHeight, pixels);
    }

    [Fact]
    public void AgreesForBoxesOnPartsOfPixels()
    {
        var image = Drawn.Noise(37, 29, seed: 2);
        var random = new CounterRandom(3);
        for (var repeat = 0; repeat < 40; repeat++)
        {
            var (width, height) = (random.Next(0.1, 37), random.Next(0.1, 29));
            var box = new CropBox(random.NextDouble() * (37 - width), random.NextDouble() * (29 - height), width, height);

            var pixels = Resampler.Resize(image, box, 8, 8);

            AssertIsTheSum(image, box, 8, 8, pixels);
        }
    }

    [Fact]
    public void OutsideOfTheBoxIsNeverRead()
    {
        var inside = Drawn.Noise(40, 40, seed: 4);
        var framed = new RgbImage(60, 50, new byte[60 * 50 * 3]);
        Array.Fill(framed.Pixels, (byte)255);
        for (var y = 0; y < 40; y++)
        {
            inside.Pixels.AsSpan(y * 40 * 3, 40 * 3).CopyTo(framed.Pixels.AsSpan((((y + 5) * 60) + 10) * 3));
        }

        var whole = Resampler.Resize(inside, new CropBox(0, 0, 40, 40), 16, 16);
        var cut = Resampler.Resize(framed, new CropBox(10, 5, 40, 40), 16, 16);

        Assert.Equal(whole, cut);
    }

    [Fact]
    public void SameSizeChangesNothing()
    {
        var image = Drawn.Noise(31, 17, seed: 6);

        Assert.Equal(image.Pixels, Resampler.Resize(image, new CropBox(0, 0, 31, 17), 31, 17));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(128)]
    [InlineData(255)]
    public void OneColourStaysThatColour(byte value)
    {
        var image = new RgbImage(33, 21, [.. Enumerable.Repeat(value, 33 * 21 * 3)]);

        Assert.All(Resampler.Resize(image, new CropBox(1.3, 0.7, 30.1, 19.9), 12, 40), pixel => Assert.Equal(value, pixel));
    }

    /// <summary>A one pixel chequerboard: without an antialiasing filter it would come out black, white or in bands.</summary>
    [Fact]
    public void FinePatternsBecomeGrey()
    {
        var board = new RgbImage(256, 256, new byte[256 * 256 * 3]);
        for (var i = 0; i < 256 * 256; i++)
        {
            board.Pixels.AsSpan(i * 3, 3).Fill((byte)(((i / 256) + i) % 2 == 0 ? 0 : 255));
        }

        var pixels = Resampler.Resize(board, new CropBox(0, 0, 256, 256), 32, 32);

        Assert.All(pixels, pixel => Assert.InRange(pixel, 120, 135));
    }

    private static void AssertIsTheSum(RgbImage image, CropBox box, int width, int height, byte[] pixels)
    {
        Assert.Equal(width * height * 3, pixels.Length);
        for (var i = 0; i < pixels.Length; i++)
        {
            var expected = Sum(image, box, width, height, i / 3 % width, i / 3 / width, i % 3);
            Assert.True(Math.Abs(expected - pixels[i]) <= 0.501, $"{box}, value {i}: {pixels[i]}, expected {expected}");
        }
    }

    /// <summary>
    /// Sums every pixel that the box touches, weighted by a triangle around the result pixel's centre that is as wide as the scale.
    /// </summary>
    private static double Sum(RgbImage image, CropBox box, int width, int height, int x, int y, int channel)
    {
        double sum = 0, weights = 0;
        for (var row = (int)box.Y; row < Math.Min(box.Y + box.Height, image.Height); row++)
        {
            for (var column = (int)box.X; column < Math.Min(box.X + box.Width, image.Width); column++)
            {
                var weight = Triangle(row, box.Y, box.Height / height, y) * Triangle(column, box.X, box.Width / width, x);
                sum += weight * image.Pixels[(((row * image.Width) + column) * 3) + channel];
                weights += weight;
            }
        }

        return sum / weights;
    }

    private static double Triangle(int pixel, double offset, double scale, int result) =>
        Math.Max(0, 1 - (Math.Abs(pixel + 0.5 - (offset + ((result + 0.5) * scale))) / Math.Max(scale, 1)));
}
