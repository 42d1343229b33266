using System.Diagnostics;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Imaging;

public sealed class UndecodableImageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("jpg", 0.3)]
    [InlineData("jpg", 0.9)]
    [InlineData("png", 0.5)]
    [InlineData("png", 0.95)]
    [InlineData("webp", 0.5)]
    [InlineData("gif", 0.5)]
    [InlineData("tif", 0.5)]
    [InlineData("bmp", 0.999)]
    [InlineData("tga", 0.999)]
    [InlineData("ppm", 0.999)]
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
    [InlineData("BM6\0\0\0", "begins like a BMP, but its header isn't one")]
    [InlineData("BMW, Audi and all the others", "begins like a BMP, but its header isn't one")]
    [InlineData("P6", "not a picture")]
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

        Assert.Throws<UndecodableImageException>(() => ImageDecoder.Decode(folder.Root)); // a folder isn't a file
    }

    /// <summary>Bytes are changed, removed or inserted at random. The result is either a picture or a reason, and nothing else.</summary>
    [Theory]
    [InlineData("jpg", 500)]
    [InlineData("png", 500)]
    [InlineData("webp", 100)]
    [InlineData("gif", 100)]
    [InlineData("tif", 100)]
    [InlineData("bmp", 300)]
    [InlineData("tga", 300)]
    [InlineData("ppm", 300)]
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

    [Theory]
    [InlineData("png")]
    [InlineData("bmp")]
    [InlineData("tga")]
    [InlineData("ppm")]
    public void PictureThatTakesTooLongIsGivenUp(string format)
    {
        var path = Drawn.Noise(600, 400, seed: 5).Save(folder.PathOf("slow." + format));

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

    [Fact]
    public void SideBeyondThoseOfAnyPhotoIsRefused()
    {
        var path = folder.Write("long.pgm", [.. "P5 1 65536 255\n"u8, .. new byte[65536]]);

        Assert.Equal("1x65536: a side is longer than 65535 pixels",
            Assert.Throws<UndecodableImageException>(() => ImageDecoder.Decode(path)).Message);
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
}
