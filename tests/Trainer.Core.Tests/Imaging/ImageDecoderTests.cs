using System.Diagnostics;
using NetVips;
using Trainer.Core.Imaging;
using Xunit;

namespace Trainer.Core.Tests.Imaging;

public sealed class ImageDecoderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("png")]
    [InlineData("tif")]
    [InlineData("webp[lossless]")]
    public void LosslessFormatsComeBackExactly(string format)
    {
        var image = Drawn.Noise(50, 31, seed: 1);
        var path = folder.PathOf("a." + format.Split('[')[0]);
        using (var vips = image.ToVips())
        {
            vips.WriteToFile(path + format[format.Split('[')[0].Length..]);
        }

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

    [Theory]
    [InlineData(1, "red green blue yellow")]
    [InlineData(2, "green red yellow blue")] // mirrored
    [InlineData(3, "yellow blue green red")] // half a turn
    [InlineData(4, "blue yellow red green")]
    [InlineData(5, "red blue green yellow")] // from here on width and height change places
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
        Assert.Equal(quarters, QuartersOf(decoded));
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
        Assert.Equal(orientation == 6 ? "blue" : "yellow", NameOf(decoded.At(20, 20)));
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
        using (var colour = (black + (double[])[200, 100, 0, alpha]).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb))
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
        using (var colour = (black + (double[])[0, 0, 0, 32768]).Cast(Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Rgb16))
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

        Assert.Equal("red green blue yellow", QuartersOf(decoded));
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
        Assert.Equal("red", NameOf(decoded.At(15, 10)));

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

        Assert.Equal("red green blue yellow", QuartersOf(decoded));
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
    [InlineData("jpg", 0.3)]
    [InlineData("jpg", 0.9)]
    [InlineData("png", 0.5)]
    [InlineData("png", 0.95)]
    [InlineData("webp", 0.5)]
    [InlineData("gif", 0.5)]
    [InlineData("tif", 0.5)]
    public void CutShortIsRefusedWithAReason(string format, double share)
    {
        var path = Drawn.Noise(120, 90, seed: 9).Save(folder.PathOf("whole." + format));
        var content = File.ReadAllBytes(path);
        var cut = folder.Write("cut." + format, content.AsSpan(0, (int)(content.Length * share)));

        var error = Assert.Throws<UndecodableImageException>(() => ImageDecoder.Decode(cut));

        Assert.NotEmpty(error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("BM6\0\0\0", "BMP isn't read; save it as JPEG or PNG")]
    [InlineData("%PDF-1.7 ...", "not a picture but a PDF")]
    [InlineData("<!DOCTYPE html><title>404", "not a picture but a web page")]
    [InlineData("\n <html>", "not a picture but a web page")]
    [InlineData("<svg xmlns=", "not a picture but an SVG drawing or XML")]
    [InlineData("{\"error\": 404}", "not a picture but JSON")]
    [InlineData("hello", "not a picture")]
    [InlineData("x", "not a picture")]
    public void WhatIsNoPictureIsSaid(string content, string reason)
    {
        var path = folder.Write("a.jpg", System.Text.Encoding.Latin1.GetBytes(content));

        Assert.Equal(reason, Assert.Throws<UndecodableImageException>(() => ImageDecoder.Decode(path)).Message);
    }

    [Fact]
    public void MissingFileAndFolderAreReasonsToo()
    {
        foreach (var path in (string[])[Path.Combine(folder.Root, "gone.jpg"), Path.Combine(folder.Root, "no", "gone.jpg")])
        {
            Assert.Equal("the file is gone", Assert.Throws<UndecodableImageException>(() => ImageDecoder.Decode(path)).Message);
        }

        Assert.Throws<UndecodableImageException>(() => ImageDecoder.Decode(folder.Root)); // a folder is no file
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
        Assert.InRange(Drawn.MeanDifference(Preprocessing.ToInput(drawn), Preprocessing.ToInput(decoded)), 0, 2);
    }

    [Fact]
    public void TrainingReadsPicturesOfTheSizeOfCocosAtHalfOfIt()
    {
        var drawn = Drawn.Soft(640, 480);

        var decoded = ImageDecoder.DecodeTowards(ImageDecoder.TrainingShorterSide, drawn.Save(folder.PathOf("coco.jpg")));

        Assert.Equal((320, 240), (decoded.Width, decoded.Height));
        Assert.InRange(Drawn.MeanDifference(Preprocessing.ToInput(drawn), Preprocessing.ToInput(decoded)), 0, 2);
    }

    [Fact]
    public void SameFileGivesTheSamePixelsOnAnyThread()
    {
        var path = Drawn.Noise(300, 280, seed: 4).Save(folder.PathOf("a.jpg"));
        var expected = ImageDecoder.Decode(path);

        var decoded = Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(4).Select(_ => ImageDecoder.Decode(path)).ToArray();

        Assert.All(decoded, image => Assert.Equal(expected.Pixels, image.Pixels));
    }

    /// <summary>Bytes changed, cut out or put in at random: either a picture comes out or a reason, and nothing else.</summary>
    [Theory]
    [InlineData("jpg", 500)]
    [InlineData("png", 500)]
    [InlineData("webp", 100)]
    [InlineData("gif", 100)]
    [InlineData("tif", 100)]
    public void MutationsGiveAPictureOrAReason(string format, int count)
    {
        var whole = File.ReadAllBytes(Drawn.Soft(48, 40).Save(folder.PathOf("a." + format)));
        var (decoded, refused) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var path = folder.Write("mutated." + format, Mutated(whole, new CounterRandom(11, (ulong)i)));
            try
            {
                var image = ImageDecoder.Decode(path);
                Assert.Equal(image.Width * image.Height * 3, image.Pixels.Length);
                decoded++;
            }
            catch (UndecodableImageException e)
            {
                Assert.NotEmpty(e.Message);
                refused++;
            }
        }

        Assert.Equal(count, decoded + refused);
        Assert.True(decoded > 0 && refused > 0, $"{decoded} decoded, {refused} refused: these mutations try nothing.");
    }

    [Fact]
    public void OrientedFilesOfOthersAllShowTheSamePicture()
    {
        var upright = ImageDecoder.Decode(BadFiles.PathOf("pil_hopper.jpg"));
        foreach (var name in (string[])["orientation_2.jpg", "orientation_4.jpg", "orientation_5.jpg", "orientation_8.jpg", "orientation_6.webp"])
        {
            var turned = ImageDecoder.Decode(BadFiles.PathOf("pil_hopper_" + name));

            Assert.InRange(Drawn.MeanDifference(upright.Pixels, turned.Pixels), 0, 8);
        }
    }

    [Fact]
    public void OrientationAgreesWithOpenCv()
    {
        var image = ImageDecoder.Decode(SharedFiles.Golden("preprocess/g_exif6_120x90.jpg"));
        var golden = ImageDecoder.Decode(SharedFiles.Golden("preprocess/g_exif6_120x90.jpg.cv2.png"));

        var pixels = Resampler.Resize(image, new CropBox(0, 0, image.Width, image.Height), 128, 128);

        Assert.Equal((90, 120), (image.Width, image.Height));
        Assert.InRange(Drawn.MaxDifference(golden.Pixels, pixels), 0, 2); // both enlarge, so the filters agree
    }

    [Fact]
    public void PictureThatTakesTooLongIsGivenUp()
    {
        var path = Drawn.Noise(600, 400, seed: 5).Save(folder.PathOf("slow.png"));

        var error = Assert.Throws<UndecodableImageException>(() => ImageDecoder.Decode(path, ImageDecoder.ShorterSide, TimeSpan.Zero));

        Assert.Equal("takes more than 0 s to decode", error.Message);
        Assert.Equal(600, ImageDecoder.Decode(path).Width); // and the next is read again
    }

    [Fact]
    public void BombIsRefusedBeforeItIsUnpacked()
    {
        var path = BadFiles.PathOf("syn_bomb_20000x20000_1bit.png");
        var clock = Stopwatch.StartNew();

        var error = Assert.Throws<UndecodableImageException>(() => ImageDecoder.Decode(path));

        Assert.Equal("20000x20000 is more than 128 million pixels", error.Message);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), $"It took {clock.Elapsed}.");
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

    private static byte[] Mutated(byte[] whole, CounterRandom random)
    {
        var content = whole.ToList();
        for (var left = 1 + random.Next(4); left > 0; left--)
        {
            var at = random.Next(content.Count);
            switch (random.Next(4))
            {
                case 0:
                    content.RemoveRange(at, Math.Min(1 + random.Next(20), content.Count - at));
                    break;
                case 1:
                    content.InsertRange(at, content.GetRange(0, Math.Min(30, content.Count)));
                    break;
                default:
                    content[at] = (byte)random.Next(256);
                    break;
            }

            if (content.Count < 20)
            {
                break;
            }
        }

        return [.. content];
    }

    /// <summary>The colours of the four quarters, row by row.</summary>
    private static string QuartersOf(RgbImage image)
    {
        var (left, right, top, bottom) = (image.Width / 4, image.Width * 3 / 4, image.Height / 4, image.Height * 3 / 4);
        return string.Join(' ', NameOf(image.At(left, top)), NameOf(image.At(right, top)), NameOf(image.At(left, bottom)), NameOf(image.At(right, bottom)));
    }

    private static string NameOf(byte[] colour)
    {
        (string Name, byte[] Colour)[] known = [("red", Drawn.Red), ("green", Drawn.Green), ("blue", Drawn.Blue), ("yellow", Drawn.Yellow)];
        return known.MinBy(k => Drawn.MeanDifference(k.Colour, colour)).Name;
    }
}
