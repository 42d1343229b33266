using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Imaging;

public sealed class BmpTests : IDisposable
{
    private const int Width = 13, Height = 7; // rows are neither a multiple of four bytes nor of whole bytes

    private readonly TemporaryFolder folder = new();

    /// <summary>The oldest headers have neither a signed height nor a number of colours.</summary>
    public static IEnumerable<TheoryDataRow<int, int, bool>> Palettes =>
        from row in Kinds(1, 2, 4, 8) where row.Data.Item1 != 2 || row.Data.Item2 >= Bitmaps.Info select row;

    public static IEnumerable<TheoryDataRow<int, int, bool>> Directs => Kinds(16, 24, 32);

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Palettes))]
    public void PalettesOfAllDepthsAndHeadersAreRead(int bits, int header, bool fromTop)
    {
        var (indices, colours) = (Bitmaps.Indices(bits, Width * Height), Bitmaps.Colours(bits));

        var decoded = Decode(Bitmaps.WithPalette(bits, header, fromTop, Width, Height, indices, colours));

        Assert.Equal(Bitmaps.Meant(indices, colours), decoded.Pixels);
    }

    /// <summary>16 bits are 1 unused bit and 5 per channel; of 32 bits, the upper 8 are ignored.</summary>
    [Theory]
    [MemberData(nameof(Directs))]
    public void ColoursWithoutPaletteAreRead(int bits, int header, bool fromTop)
    {
        var pixels = Numbers();

        var decoded = Decode(Bitmaps.Direct(bits, header, fromTop, Width, Height, pixels));

        var expected = bits == 16 ? Channels(pixels, 0x7C00, 0x3E0, 0x1F) : Channels(pixels, 0xFF0000, 0xFF00, 0xFF);
        Assert.InRange(Drawn.MaxDifference(expected, decoded.Pixels), 0, bits == 16 ? 1 : 0); // 5 bits to 8: halves are rounded either way
    }

    [Theory]
    [InlineData(16, Bitmaps.Info, new uint[] { 0xF800, 0x7E0, 0x1F })]
    [InlineData(16, Bitmaps.V4, new uint[] { 0xF800, 0x7E0, 0x1F, 0 })]
    [InlineData(16, Bitmaps.WithMasks, new uint[] { 0x1F, 0x3E0, 0x7C00 })]
    [InlineData(32, Bitmaps.Info, new uint[] { 0xFF, 0xFF00, 0xFF0000 })]
    [InlineData(32, Bitmaps.V5, new uint[] { 0xFF000000, 0xFF0000, 0xFF00, 0 })]
    public void MasksAreObeyed(int bits, int header, uint[] masks)
    {
        var pixels = Numbers();

        var decoded = Decode(Bitmaps.Direct(bits, header, fromTop: false, Width, Height, pixels, masks));

        Assert.InRange(Drawn.MaxDifference(Channels(pixels, masks[0], masks[1], masks[2]), decoded.Pixels), 0, bits == 16 ? 1 : 0);
    }

    [Theory]
    [InlineData(Bitmaps.Info)]
    [InlineData(Bitmaps.WithAlpha)]
    [InlineData(Bitmaps.V4)]
    [InlineData(Bitmaps.V5)]
    public void AlphaLiesOverWhite(int header)
    {
        var pixels = Numbers();

        var decoded = Decode(Bitmaps.Direct(32, header, fromTop: false, Width, Height, pixels, 0xFF0000, 0xFF00, 0xFF, 0xFF000000));

        byte[] expected =
            [.. pixels.SelectMany(pixel => Channels([pixel], 0xFF0000, 0xFF00, 0xFF).Select(value => Over(value, pixel >> 24)))];
        Assert.InRange(Drawn.MaxDifference(expected, decoded.Pixels), 0, 1);
        static byte Over(byte value, uint alpha) => (byte)Math.Round(((value * alpha) + (255.0 * (255 - alpha))) / 255);
    }

    /// <summary>Like ImageMagick's files: rows with their padding, 8 pixels instead of 5.</summary>
    [Fact]
    public void RunsEndWithTheirRow()
    {
        byte[] row = [2, 7, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0]; // two equal pixels, six literal ones, end

        var decoded = Indices(8, 5, 2, [.. row, .. row, 0, 1]);

        Assert.Equal([7, 7, 1, 2, 3, 7, 7, 1, 2, 3], decoded);
    }

    [Fact]
    public void RunsOfFourBitsTakeTurns() =>
        Assert.Equal([1, 2, 1, 2, 1, 10, 11, 12, 13, 14], Indices(4, 5, 2, [0, 5, 0xAB, 0xCD, 0xE0, 0, 0, 0, 5, 0x12, 0, 0, 0, 1]));

    [Theory]
    [InlineData(new byte[] { 2, 9, 0, 0, 3, 8, 0, 1 }, new byte[] { 8, 8, 8, 9, 9, 0 })] // the row ends early
    [InlineData(new byte[] { 1, 9, 0, 2, 1, 1, 1, 8, 0, 1 }, new byte[] { 0, 0, 8, 9, 0, 0 })] // one to the right, one up
    [InlineData(new byte[] { 1, 9, 0, 1 }, new byte[] { 0, 0, 0, 9, 0, 0 })] // the bitmap ends early
    [InlineData(new byte[] { 3, 9, 0, 0, 3, 8 }, new byte[] { 8, 8, 8, 9, 9, 9 })] // no end is marked
    [InlineData(new byte[] { 3, 9, 0, 2, 200, 200, 3, 8, 0, 1 }, new byte[] { 0, 0, 0, 9, 9, 9 })] // outside the picture
    public void WhatNoRunReachesHasTheFirstColour(byte[] runs, byte[] indices) => Assert.Equal(indices, Indices(8, 3, 2, runs));

    [Theory]
    [InlineData(new byte[] { 3, 9, 0, 0, 3 })]
    [InlineData(new byte[] { 3, 9, 0, 0, 0, 3, 1, 2 })]
    [InlineData(new byte[] { 3, 9, 0, 0, 0, 2, 0 })]
    [InlineData(new byte[] { 3, 9, 0, 0 })]
    public void RunsThatBreakOffAreRefused(byte[] runs) =>
        Assert.Equal("cut short", Refusal(Bitmaps.Runs(8, 3, 2, Bitmaps.Colours(8), runs)));

    [Fact]
    public void PaddingOfTheLastRowMayBeMissing()
    {
        var file = Bitmaps.Direct(24, Bitmaps.Info, fromTop: false, Width, Height, Numbers());

        Assert.Equal(Decode(file).Pixels, Decode(file[..^1]).Pixels); // 13 pixels: one byte of padding
        Assert.Equal("cut short", Refusal(file[..^2]));
    }

    [Fact]
    public void RareKindsAreRefusedByName()
    {
        Assert.Equal("a BMP of a rare kind (24 bits a pixel, compression 4); save it as PNG or JPEG",
            Refusal(Changed(Bitmaps.Direct(24, Bitmaps.Info, false, Width, Height, Numbers()), 30, 4)));
        Assert.Equal("a BMP of a rare kind (48 bits a pixel, compression 0); save it as PNG or JPEG",
            Refusal(Changed(Bitmaps.Direct(32, Bitmaps.Info, false, Width, Height, Numbers()), 28, 48)));
        foreach (var masks in (uint[][])[[0xF00, 0xF0, 0xF], [0x7C00, 0x3E0, 0x15], [0x7C00, 0x3E0, 0]]) // 4 bits, one with a hole, none
        {
            Assert.Equal("a BMP of a rare kind (unusual channel masks); save it as PNG or JPEG",
                Refusal(Bitmaps.Direct(16, Bitmaps.Info, false, Width, Height, Numbers(), masks)));
        }

        Assert.Equal("a BMP of a rare kind (unusual channel masks); save it as PNG or JPEG",
            Refusal(Bitmaps.Direct(32, Bitmaps.Info, false, Width, Height, Numbers(), 0x3FF00000, 0xFFC00, 0x3FF)));
    }

    [Theory]
    [InlineData(14, 41, "begins like a BMP, but its header isn't one")]
    [InlineData(18, 0, "damaged: 0x7 pixels")]
    [InlineData(18, -3, "damaged: -3x7 pixels")]
    [InlineData(22, int.MinValue, "damaged: 13x2147483648 pixels")]
    [InlineData(22, 40_000_000, "cut short")]
    [InlineData(18, int.MaxValue, "cut short")]
    [InlineData(46, 1 << 30, "damaged: its palette and its pixels overlap or leave a gap")] // 4 GB of palette
    [InlineData(46, -1, "damaged: its palette and its pixels overlap or leave a gap")]
    [InlineData(10, 20, "damaged: its palette and its pixels overlap or leave a gap")]
    [InlineData(10, 4000, "damaged: its palette and its pixels overlap or leave a gap")]
    [InlineData(10, -1, "damaged: its palette and its pixels overlap or leave a gap")]
    public void HeadersThatLieAreRefused(int at, int value, string reason)
    {
        var file = Bitmaps.WithPalette(8, Bitmaps.Info, false, Width, Height, Bitmaps.Indices(8, Width * Height), Bitmaps.Colours(8));

        Assert.Equal(reason, Refusal(Changed(file, at, value)));
    }

    [Fact]
    public void IndicesBeyondThePaletteAreRefused()
    {
        var file = Bitmaps.WithPalette(
            8, Bitmaps.Info, false, Width, Height, [.. Enumerable.Repeat((byte)200, Width * Height)], Bitmaps.Colours(8));

        Assert.Equal("its pixels are damaged", Refusal(Changed(file, 46, 100)));
    }

    private static IEnumerable<TheoryDataRow<int, int, bool>> Kinds(params int[] depths) =>
        from bits in depths
        from header in (int[])[Bitmaps.Core, 16, Bitmaps.Info, Bitmaps.Os2, Bitmaps.V4, Bitmaps.V5]
        from fromTop in (bool[])[true, false]
        where header != Bitmaps.Core || !fromTop
        select new TheoryDataRow<int, int, bool>(bits, header, fromTop);

    private static uint[] Numbers()
    {
        var random = new CounterRandom(23);
        return [.. Enumerable.Range(0, Width * Height).Select(_ => (uint)random.Next(1 << 16) | ((uint)random.Next(1 << 16) << 16))];
    }

    /// <summary>Each channel's bits, spread over 0 to 255.</summary>
    private static byte[] Channels(IEnumerable<uint> pixels, params uint[] masks) =>
        [.. pixels.SelectMany(pixel => masks.Select(mask => (byte)Math.Round(255.0 * (pixel & mask) / mask)))];

    private static byte[] Changed(byte[] file, int at, int value)
    {
        var changed = file.ToArray();
        BitConverter.GetBytes(value)[..(at == 28 ? 2 : 4)].CopyTo(changed, at);
        return changed;
    }

    private byte[] Indices(int bits, int width, int height, byte[] runs)
    {
        byte[] colours = [.. Enumerable.Range(0, 1 << bits).SelectMany(i => Enumerable.Repeat((byte)i, 3))];
        return [.. Decode(Bitmaps.Runs(bits, width, height, colours, runs)).Pixels.Where((_, i) => i % 3 == 0)];
    }

    private RgbImage Decode(byte[] file) => ImageDecoder.Decode(folder.Write("a.bmp", file));

    private string Refusal(byte[] file) => Assert.Throws<UndecodableImageException>(() => Decode(file)).Message;
}
