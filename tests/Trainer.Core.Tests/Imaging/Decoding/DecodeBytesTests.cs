using NetVips;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;
using Xunit;

namespace Trainer.Core.Tests.Imaging.Decoding;

public sealed class DecodeBytesTests : IDisposable
{
    private const int Side = 100;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("jpg")]
    [InlineData("png")]
    [InlineData("webp")]
    [InlineData("gif")]
    [InlineData("tif")]
    [InlineData("bmp")]
    [InlineData("tga")]
    [InlineData("ppm")]
    public void BytesBecomeThePixelsOfTheirFile(string format)
    {
        var path = Drawn.Soft(450, 410).Save(folder.PathOf("a." + format));

        Assert.Equal(Verdict(() => ImageDecoder.DecodeTowards(Side, path)),
            Verdict(() => ImageDecoder.DecodeBytes(Side, File.ReadAllBytes(path), path)));
    }

    [Fact]
    public void AvifIsReadFromBytes()
    {
        var path = folder.PathOf("a.avif");
        try
        {
            using var vips = Drawn.Soft(80, 60).ToVips();
            vips.Heifsave(path, compression: Enums.ForeignHeifCompression.Av1, effort: 0);
        }
        catch (VipsException)
        {
            Assert.Skip("This libvips writes no AVIF.");
        }

        Assert.Equal(Verdict(() => ImageDecoder.Decode(path)),
            Verdict(() => ImageDecoder.DecodeBytes(ImageDecoder.ShorterSide, File.ReadAllBytes(path), path)));
    }

    [Theory]
    [InlineData("the file is empty", "")]
    [InlineData("not a picture", "no picture at all")]
    [InlineData("not a picture but a web page", "<!DOCTYPE html><html>")]
    [InlineData("1x65536: a side is longer than 65535 pixels", "P5 1 65536 255\n", 65536)]
    public void WhatIsRefusedAsAFileIsRefusedAsBytes(string reason, string start, int zeros = 0)
    {
        byte[] bytes = [.. System.Text.Encoding.ASCII.GetBytes(start), .. new byte[zeros]];

        Assert.Equal(reason, Assert.Throws<UndecodableImageException>(() => ImageDecoder.DecodeBytes(Side, bytes, "a.jpg")).Message);
    }

    [Theory]
    [InlineData("jpg")]
    [InlineData("png")]
    [InlineData("bmp")]
    [InlineData("ppm")]
    public void HalfAPictureIsNone(string format)
    {
        var whole = File.ReadAllBytes(Drawn.Noise(80, 60, seed: 1).Save(folder.PathOf("a." + format)));

        Assert.NotEmpty(Assert.Throws<UndecodableImageException>(
            () => ImageDecoder.DecodeBytes(Side, whole[..(whole.Length / 2)], "a." + format)).Message);
    }

    [Fact]
    public void FilesOfOthersGiveTheSameAsBytes() =>
        Assert.All(Directory.GetFiles(BadFiles.Folder).Where(path => new FileInfo(path).Length < 1 << 20), path =>
        Assert.Equal(Size(() => ImageDecoder.Decode(path)),
            Size(() => ImageDecoder.DecodeBytes(ImageDecoder.ShorterSide, File.ReadAllBytes(path), path))));

    private static string Verdict(Func<RgbImage> decode) =>
        decode() is var image
        ? $"{image.Width}x{image.Height} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(image.Pixels))}" : "";

    private static string Size(Func<RgbImage> decode)
    {
        try
        {
            return Verdict(decode);
        }
        catch (UndecodableImageException)
        {
            return "refused"; // libvips words some reasons in other ways
        }
    }
}
