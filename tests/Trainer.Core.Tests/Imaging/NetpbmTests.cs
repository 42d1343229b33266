using System.Text;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;
using Xunit;

namespace Trainer.Core.Tests.Imaging;

public sealed class NetpbmTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("P1 3 2 1 0 1 0 1 0", "0 255 0 255 0 255")]
    [InlineData("P1\n3 2\n101\n010\n", "0 255 0 255 0 255")] // as pnmtoplainpnm writes it
    [InlineData("P2 2 2 255 0 1 254 255", "0 1 254 255")]
    [InlineData("P2\n# by hand\n2 #wide\n2\n#deep\n100\n0 50\n99 100\n", "0 128 252 255")]
    [InlineData("P2 2 1 4095 4095 2048", "255 128")]
    [InlineData("P2 2 1 65535 65535 257", "255 1")]
    [InlineData("P2 2 1 1 1 0", "255 0")]
    [InlineData("P4 10 2\n\u00AA\u0080\u0055\u0040", "0 255 0 255 0 255 0 255 0 255 255 0 255 0 255 0 255 0 255 0")]
    [InlineData("P5 3 1 255\n\u0000\u0080\u00FF", "0 128 255")]
    [InlineData("P5 3 1 255 \n #", "10 32 35")] // pixels that look like more white space, and like a comment
    [InlineData("P5 2 1 100\r\u0064\u0032", "255 128")]
    [InlineData("P5 2 1 1023\n\u0003\u00FF\u0001\u0000", "255 64")] // two bytes, the upper first
    [InlineData("P5 2 1 255#comment\n\u0001\u0002", "1 2")]
    [InlineData("P5 1 1 255\n\u0007P5 1 1 255\n\u0009", "7")] // the first of two pictures
    public void GreyIsRead(string file, string values)
    {
        byte[] expected = [.. values.Split(' ').Select(byte.Parse).SelectMany(value => Enumerable.Repeat(value, 3))];

        Assert.Equal(expected, Decode(file).Pixels);
    }

    [Theory]
    [InlineData("P3 2 1 255 1 2 3 4 5 6", "1 2 3 4 5 6")]
    [InlineData("P3 2 1 15 0 5 10 15 1 2", "0 85 170 255 17 34")]
    [InlineData("P6\t2 1\n255\n\u0001\u0002\u0003\u00FE\u00FD\u00FC", "1 2 3 254 253 252")]
    [InlineData("P6 1 1 65535\n\u0080\u0000\u00FF\u00FF\u0001\u0001", "128 255 1")]
    public void ColourIsRead(string file, string values) => Assert.Equal([.. values.Split(' ').Select(byte.Parse)], Decode(file).Pixels);

    [Theory]
    [InlineData("P6 2 2 255\n123", "cut short")]
    [InlineData("P5 2 2 256\n1234567", "cut short")]
    [InlineData("P4 9 2\n123", "cut short")]
    [InlineData("P3 1 1 255 1 2", "cut short")]
    [InlineData("P3 2 1 255 1 2 33 44   ", "cut short")]
    [InlineData("P1 3 2 10101", "cut short")]
    [InlineData("P6 2", "cut short")]
    [InlineData("P6 99999 99999 255\n", "cut short")]
    [InlineData("P5 99999999999999999999 1 255\n", "cut short")]
    [InlineData("P6 2 2 0\n123456789012", "damaged: 2x2 pixels with values up to 0")]
    [InlineData("P6 2 2 65536\n123456789012", "damaged: 2x2 pixels with values up to 65536")]
    [InlineData("P6 0 2 255\n123456789012", "damaged: 0x2 pixels with values up to 255")]
    [InlineData("P6 -2 2 255\n123456789012", "damaged: no number where one is expected")]
    [InlineData("P2 2 1 10 7 11 ", "damaged: a value of 11, where 10 is the maximum")]
    [InlineData("P5 2 1 10\n\u0001\u000B", "damaged: a value of 11, where 10 is the maximum")]
    [InlineData("P1 2 1 12", "damaged: a value of 2, where 1 is the maximum")]
    [InlineData("P2 2 1 10 a b ", "damaged: no number where one is expected")]
    [InlineData("P7 2 1 10", "not a picture")]
    [InlineData("P66 2 1 10", "not a picture")]
    [InlineData("P6", "not a picture")]
    public void BrokenFilesAreRefusedWithTheReason(string file, string reason) =>
        Assert.Equal(reason, Assert.Throws<UndecodableImageException>(() => Decode(file)).Message);

    private RgbImage Decode(string file) => ImageDecoder.Decode(folder.Write("a.ppm", Encoding.Latin1.GetBytes(file)));
}
