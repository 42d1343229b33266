using NetVips;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Imaging.Decoding;

public sealed class JpegQualityTests
{
    [Theory]
    [InlineData(25)]
    [InlineData(35)]
    [InlineData(50)]
    [InlineData(75)]
    [InlineData(90)]
    [InlineData(100)]
    public void IsThatWhichTheFileWasSavedWith(int quality)
    {
        using var vips = Drawn.Soft(40, 30).ToVips();

        using var file = new MemoryStream(vips.JpegsaveBuffer(q: quality));

        Assert.InRange(JpegQuality.Of(file) ?? 0, quality - 1, quality + 1);
    }

    [Fact]
    public void TablesBehindOtherSegmentsAreFound()
    {
        using var vips = Drawn.Soft(40, 30).ToVips()
            .Mutate(image => image.Set(GValue.GStrType, "exif-ifd0-ImageDescription", new string('x', 5000)));

        using var file = new MemoryStream(vips.JpegsaveBuffer(q: 60));

        Assert.InRange(JpegQuality.Of(file) ?? 0, 59, 61);
    }

    [Theory]
    [InlineData("")]
    [InlineData("FFD8")]
    [InlineData("FFD8FFDA0008")] // the pixels begin without a table before them
    [InlineData("FFD8FFDB0043000102")] // the table breaks off
    [InlineData("FFD8FFDB0000")] // an impossible length
    [InlineData("FFD8FFDB000300FFD9")] // an empty table
    [InlineData("89504E470D0A1A0A")]
    public void BrokenOrOtherFilesHaveNone(string bytes)
    {
        using var file = new MemoryStream(Convert.FromHexString(bytes));

        Assert.Null(JpegQuality.Of(file));
    }

    /// <summary>The table must be complete, and nothing after it matters.</summary>
    [Fact]
    public void OnlyTheTableDecides()
    {
        var (jpeg, end) = JpegOf(quality: 80);
        var random = new CounterRandom(1);
        for (var length = 0; length <= jpeg.Length; length++)
        {
            var cut = jpeg[..length];
            for (var at = end; at < length; at += 1 + random.Next(50))
            {
                cut[at] = (byte)random.Next(256);
            }

            Assert.Equal(length < end ? null : 80, QualityOf(cut));
        }
    }

    /// <summary>Each entry has the same weight, so the file becomes coarser with each entry that is 255.</summary>
    [Fact]
    public void CoarserTablesMeanLowerQuality()
    {
        var (jpeg, end) = JpegOf(quality: 80);
        var qualities = new List<int?>();
        for (var at = end - 64; at < end; at++)
        {
            jpeg[at] = 255;
            qualities.Add(QualityOf(jpeg));
        }

        Assert.Equal(qualities.OrderDescending(), qualities);
        Assert.InRange(qualities[0]!.Value, 60, 79); // not null, because the check above excludes it
        Assert.Equal(11, qualities[^1]); // 64 times 255 is 442 % of the standard table, and 5000 / 442 its quality
    }

    [Fact]
    public void NoBytesAreAnError()
    {
        var (jpeg, end) = JpegOf(quality: 80);
        var random = new CounterRandom(2);
        var found = new HashSet<int?>();
        for (var i = 0; i < 5000; i++)
        {
            var broken = jpeg[..(1 + random.Next(jpeg.Length))];
            for (var changes = random.Next(4); changes >= 0; changes--)
            {
                broken[random.Next(Math.Min(broken.Length, end))] = (byte)random.Next(256);
            }

            found.Add(QualityOf(broken));
        }

        Assert.True(found.Count > 10 && found.Contains(null), $"These changes try little: {string.Join(' ', found)}.");
    }

    private static int? QualityOf(byte[] jpeg)
    {
        using var file = new MemoryStream(jpeg);
        return JpegQuality.Of(file);
    }

    /// <returns>A JPEG, and where its first quantisation table ends.</returns>
    private static (byte[] Jpeg, int End) JpegOf(int quality)
    {
        using var vips = Drawn.Soft(40, 30).ToVips();
        var jpeg = vips.JpegsaveBuffer(q: quality);
        var marker = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDB]);
        return (jpeg, marker + 2 + jpeg[marker + 3]);
    }
}
