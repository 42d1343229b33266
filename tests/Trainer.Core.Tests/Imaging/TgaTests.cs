using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;
using Xunit;

namespace Trainer.Core.Tests.Imaging;

public sealed class TgaTests : IDisposable
{
    private const int Width = 13, Height = 7;

    private readonly TemporaryFolder folder = new();

    /// <summary>Kind with bits per pixel and per palette colour; whether packed; the corner of the first pixel.</summary>
    public static MatrixTheoryData<string, bool, int> Kinds =>
        new(["grey 8", "grey 16", "colour 15", "colour 16", "colour 24", "colour 32", "palette 16", "palette 24", "palette 32"],
            [false, true], [0x00, 0x10, 0x20, 0x30]);

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AllKindsAreReadFromAllCorners(string kind, bool isPacked, int corner)
    {
        var (file, expected) = Targas.Write(kind, isPacked, corner, Width, Height);

        var decoded = Decode(file);

        Assert.Equal((Width, Height), (decoded.Width, decoded.Height));
        // 5 bits to 8: halves are rounded either way
        Assert.InRange(Drawn.MaxDifference(expected, decoded.Pixels), 0, kind[^2..] is "15" or "16" ? 1 : 0);
    }

    [Theory]
    [InlineData("colour 32")]
    [InlineData("grey 16")]
    public void AlphaLiesOverWhite(string kind)
    {
        var (file, _) = Targas.Write(kind, isPacked: false, corner: 0x20, Width, Height);
        file[17] |= 8; // bits of alpha
        file[18 + 3 + (kind == "grey 16" ? 1 : 3)] = 0; // offset of the first pixel, after header and identification

        Assert.Equal([255, 255, 255], Decode(file).At(0, 0));
    }

    [Fact]
    public void FooterOrNameAndHeaderTellIt()
    {
        var (file, expected) = Targas.Write("colour 24", isPacked: false, corner: 0x20, Width, Height);
        byte[] ofVersion2 = [.. file, .. new byte[8], .. "TRUEVISION-XFILE.\0"u8];

        Assert.Equal(expected, ImageDecoder.Decode(folder.Write("a.TGA", file)).Pixels);
        Assert.Equal(expected, ImageDecoder.Decode(folder.Write("a.jpg", ofVersion2)).Pixels);
        Assert.Equal("not a picture", Refusal("b.jpg", file));
        Assert.Equal("not a picture", Refusal("b.tga", new byte[400]));
        Assert.Equal("not a picture", Refusal("c.tga", "a text, long enough for a header"u8));
    }

    [Theory]
    [InlineData("colour 24", false)]
    [InlineData("colour 32", true)]
    [InlineData("palette 24", true)]
    public void CutShortIsRefused(string kind, bool isPacked)
    {
        var (file, _) = Targas.Write(kind, isPacked, corner: 0, Width, Height);

        foreach (var length in (int[])[file.Length - 1, file.Length - 20, file.Length / 2, 19])
        {
            Assert.Equal("cut short", Refusal("a.tga", file.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData(1, 1)] // a palette with true colour
    [InlineData(2, 32)] // Huffman
    [InlineData(5, 9)] // colours without a palette
    [InlineData(16, 8)] // true colour of 8 bits
    [InlineData(17, 0x23)] // three bits of alpha
    public void RareKindsAreRefused(int at, int value)
    {
        var (file, _) = Targas.Write("colour 24", isPacked: false, corner: 0x20, Width, Height);
        file[at] = (byte)value;

        Assert.Equal("a TGA of a rare kind, or a damaged one; save it as PNG or JPEG", Refusal("a.tga", file));
    }

    [Fact]
    public void SizesBeyondTheFormatsAreRefused()
    {
        var (file, _) = Targas.Write("colour 24", isPacked: false, corner: 0x20, Width, Height);
        file[13] = 0x80;

        Assert.Equal("32781x7 pixels, where a TGA has 1 to 32767 a side", Refusal("a.tga", file));
    }

    [Fact]
    public void BombIsRefusedBeforeItIsUnpacked()
    {
        byte[] header = [0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xE0, 0x2E, 0xE0, 0x2E, 32, 8]; // 12000x12000

        Assert.Equal("unpacked, it would be larger than 256 MB", Refusal("a.tga", [.. header, 0xFF, 1, 2, 3, 4]));
    }

    private RgbImage Decode(byte[] file) => ImageDecoder.Decode(folder.Write("a.tga", file));

    private string Refusal(string name, ReadOnlySpan<byte> file)
    {
        var path = folder.Write(name, file);
        return Assert.Throws<UndecodableImageException>(() => ImageDecoder.Decode(path)).Message;
    }
}
