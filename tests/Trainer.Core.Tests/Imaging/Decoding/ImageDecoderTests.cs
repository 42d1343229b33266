using NetVips;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;
using Xunit;

namespace Trainer.Core.Tests.Imaging.Decoding;

public sealed class ImageDecoderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("png")]
    [InlineData("tif")]
    [InlineData("webp[lossless]")]
    [InlineData("bmp")]
    [InlineData("tga")]
    [InlineData("ppm")]
    public void LosslessFormatsComeBackExactly(string format)
    {
        var image = Drawn.Noise(50, 31, seed: 1);
        var path = image.Save(folder.PathOf("a." + format)).Split('[')[0];

        var decoded = ImageDecoder.Decode(path);

        Assert.Equal((50, 31), (decoded.Width, decoded.Height));
        Assert.Equal(image.Pixels, decoded.Pixels);
    }

    [Theory]
    [InlineData("jpg")]
    [InlineData("gif")]
    [InlineData("webp")]
    public void LossyFormatsComeBackNearly(string format)
    {
        var image = Drawn.Soft(80, 60);

        var decoded = ImageDecoder.Decode(image.Save(folder.PathOf("a." + format)));

        Assert.Equal((80, 60), (decoded.Width, decoded.Height));
        Assert.InRange(Drawn.MeanDifference(image.Pixels, decoded.Pixels), 0, 8);
    }

    [Fact]
    public void GreyBecomesThreeEqualChannels()
    {
        var path = folder.PathOf("grey.jpg");
        using (var vips = Drawn.Soft(60, 40).ToVips())
        using (var grey = vips.Colourspace(Enums.Interpretation.Bw))
        {
            grey.Jpegsave(path);
        }

        var decoded = ImageDecoder.Decode(path);

        Assert.Equal(60 * 40 * 3, decoded.Pixels.Length);
        Assert.All(decoded.Pixels.Chunk(3), pixel => Assert.Equal((pixel[0], pixel[0]), (pixel[1], pixel[2])));
        Assert.True(decoded.Pixels.Distinct().Count() > 50);
    }

    [Fact]
    public void SixteenBitsBecomeTheirUpperEight()
    {
        var path = folder.PathOf("deep.png");
        var image = Drawn.Noise(20, 20, seed: 3);
        using (var vips = image.ToVips())
        using (var deep = (vips * 257).Cast(Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Rgb16))
        {
            deep.Pngsave(path);
        }

        var decoded = ImageDecoder.Decode(path);

        Assert.InRange(Drawn.MaxDifference(image.Pixels, decoded.Pixels), 0, 1);
    }

    [Fact]
    public void SixteenBitGreyIsRead()
    {
        var path = folder.PathOf("deepgrey.png");
        using (var black = Image.Black(10, 10))
        using (var grey = (black + 32768).Cast(Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Grey16))
        {
            grey.Pngsave(path);
        }

        Assert.All(ImageDecoder.Decode(path).Pixels, value => Assert.InRange(value, 127, 129));
    }

    [Theory]
    [InlineData(0, 255, 255, 255)]
    [InlineData(255, 200, 100, 0)]
    [InlineData(128, 227, 177, 127)]
    public void AlphaLiesOverWhite(int alpha, int red, int green, int blue)
    {
        var path = folder.PathOf("alpha.png");
        using (var black = Image.Black(8, 8, bands: 4))
        using (var colour = (black + (double[])[200, 100, 0, alpha]).Cast(Enums.BandFormat.Uchar)
            .Copy(interpretation: Enums.Interpretation.Srgb))
        {
            colour.Pngsave(path);
        }

        var decoded = ImageDecoder.Decode(path);

        Assert.InRange(Drawn.MaxDifference([(byte)red, (byte)green, (byte)blue], decoded.At(3, 3)), 0, 1);
        Assert.Equal(8 * 8 * 3, decoded.Pixels.Length);
    }

    [Fact]
    public void SixteenBitAlphaLiesOverWhite()
    {
        var path = folder.PathOf("deepalpha.png");
        using (var black = Image.Black(8, 8, bands: 4))
        using (var colour = (black + (double[])[0, 0, 0, 32768]).Cast(Enums.BandFormat.Ushort)
            .Copy(interpretation: Enums.Interpretation.Rgb16))
        {
            colour.Pngsave(path);
        }

        Assert.All(ImageDecoder.Decode(path).Pixels, value => Assert.InRange(value, 126, 128));
    }

    [Fact]
    public void PalettesBecomeColours()
    {
        var path = folder.PathOf("palette.png");
        using (var vips = Drawn.Quarters(40, 40).ToVips())
        {
            vips.Pngsave(path, palette: true, bitdepth: 2);
        }

        var decoded = ImageDecoder.Decode(path);

        Assert.Equal("red green blue yellow", Drawn.QuartersOf(decoded));
    }

    [Theory]
    [InlineData("gif")]
    [InlineData("webp")]
    public void AnimationsGiveTheirFirstFrame(string format)
    {
        var path = folder.PathOf("moving." + format);
        using (var first = OneColour(Drawn.Red))
        using (var second = OneColour(Drawn.Blue))
        using (var strip = Image.Arrayjoin([first, second], across: 1).Mutate(image => image.Set(GValue.GIntType, "page-height", 20)))
        {
            strip.WriteToFile(path);
        }

        var decoded = ImageDecoder.Decode(path);

        Assert.Equal((30, 20), (decoded.Width, decoded.Height));
        Assert.Equal("red", Drawn.NameOf(decoded.At(15, 10)));

        static Image OneColour(byte[] colour)
        {
            using var black = Image.Black(30, 20, bands: 3);
            using var coloured = black + colour.Select(value => (double)value).ToArray();
            return coloured.Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        }
    }

    [Fact]
    public void CmykIsConverted()
    {
        var path = folder.PathOf("print.jpg");
        using (var vips = Drawn.Quarters(64, 64).ToVips())
        using (var cmyk = vips.Colourspace(Enums.Interpretation.Cmyk))
        {
            cmyk.Jpegsave(path, q: 95);
        }

        var decoded = ImageDecoder.Decode(path);

        Assert.Equal("red green blue yellow", Drawn.QuartersOf(decoded));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    public void MoreOrFewerBandsStillGiveThreeOrAReason(int bands)
    {
        var path = folder.PathOf("bands.tif");
        using (var noise = Image.Gaussnoise(16, 16, mean: 128, sigma: 20, seed: 1))
        using (var one = noise.Cast(Enums.BandFormat.Uchar))
        using (var many = one.Bandjoin([.. Enumerable.Repeat(one, bands - 1)]))
        {
            many.Tiffsave(path);
        }

        AssertThreeChannelsOrAReason(path, 16, 16);
    }

    [Theory]
    [InlineData(Enums.BandFormat.Float)]
    [InlineData(Enums.BandFormat.Double)]
    [InlineData(Enums.BandFormat.Short)]
    [InlineData(Enums.BandFormat.Uint)]
    public void OtherNumbersStillGiveBytesOrAReason(Enums.BandFormat format)
    {
        var path = folder.PathOf("numbers.tif");
        using (var noise = Image.Gaussnoise(16, 16, mean: 128, sigma: 20, seed: 1))
        using (var numbers = noise.Cast(format))
        {
            numbers.Tiffsave(path);
        }

        AssertThreeChannelsOrAReason(path, 16, 16);
    }

    [Theory]
    [InlineData("a.png")]
    [InlineData("a.gif")]
    [InlineData("a")]
    [InlineData("a.txt")]
    [InlineData("a[page=7].jpg")] // libvips' own option syntax
    [InlineData("über & ünter %d 稲.jpg")]
    public void NameSaysNothing(string name)
    {
        var path = folder.PathOf(name);
        File.Move(Drawn.Soft(40, 30).Save(folder.PathOf("drawn.jpg")), path);

        Assert.Equal((40, 30), (ImageDecoder.Decode(path).Width, ImageDecoder.Decode(path).Height));
    }

    [Theory]
    [InlineData("jpg", 3000, 2000, 750, 500)]
    [InlineData("jpg", 2047, 2047, 511, 511)]
    [InlineData("jpg", 5000, 2048, 625, 256)]
    [InlineData("jpg", 700, 511, 700, 511)]
    [InlineData("png", 1100, 1024, 275, 256)]
    [InlineData("png", 511, 700, 511, 700)]
    public void LargePicturesAreReducedButNeverBelowTwiceTheInput(string format, int width, int height, int reducedWidth, int reducedHeight)
    {
        var drawn = Drawn.Soft(width, height);

        var decoded = ImageDecoder.Decode(drawn.Save(folder.PathOf("large." + format)));

        Assert.Equal((reducedWidth, reducedHeight), (decoded.Width, decoded.Height));
        Assert.True(Math.Min(decoded.Width, decoded.Height) >= ImageDecoder.ShorterSide);
        Assert.InRange(Drawn.MeanDifference(Preprocessing.Default.ToInput(drawn), Preprocessing.Default.ToInput(decoded)), 0, 2);
    }

    [Theory]
    [InlineData("bmp")]
    [InlineData("tga")]
    [InlineData("ppm")]
    public void AllDecodersReduceAlike(string format)
    {
        var drawn = Drawn.Noise(1101, 1027, seed: 6);
        var (expected, known) = ImageDecoder.DecodeWithHeader(drawn.Save(folder.PathOf("a.png")));

        var (decoded, header) = ImageDecoder.DecodeWithHeader(drawn.Save(folder.PathOf("a." + format)));

        Assert.Equal((expected.Width, expected.Height), (decoded.Width, decoded.Height));
        Assert.Equal(expected.Pixels, decoded.Pixels);
        Assert.Equal(known with { Format = header.Format }, header);
    }

    [Fact]
    public void TrainingReadsPicturesOfTheSizeOfCocosAtHalfOfIt()
    {
        var drawn = Drawn.Soft(640, 480);

        var decoded = ImageDecoder.DecodeTowards(Preprocessing.Default.TrainingShorterSide, drawn.Save(folder.PathOf("coco.jpg")));

        Assert.Equal((320, 240), (decoded.Width, decoded.Height));
        Assert.InRange(Drawn.MeanDifference(Preprocessing.Default.ToInput(drawn), Preprocessing.Default.ToInput(decoded)), 0, 2);
    }

    [Fact]
    public void SameFileGivesTheSamePixelsOnAnyThread()
    {
        var path = Drawn.Noise(300, 280, seed: 4).Save(folder.PathOf("a.jpg"));
        var expected = ImageDecoder.Decode(path);

        var decoded = Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(4).Select(_ => ImageDecoder.Decode(path)).ToArray();

        Assert.All(decoded, image => Assert.Equal(expected.Pixels, image.Pixels));
    }

    private static void AssertThreeChannelsOrAReason(string path, int width, int height)
    {
        try
        {
            var image = ImageDecoder.Decode(path);
            Assert.Equal((width, height, width * height * 3), (image.Width, image.Height, image.Pixels.Length));
        }
        catch (UndecodableImageException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }
}
