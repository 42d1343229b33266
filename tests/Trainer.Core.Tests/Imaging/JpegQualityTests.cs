using NetVips;
using Trainer.Core.Imaging;
using Xunit;

namespace Trainer.Core.Tests.Imaging;

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
        using var vips = Drawn.Soft(40, 30).ToVips().Mutate(image => image.Set(GValue.GStrType, "exif-ifd0-ImageDescription", new string('x', 5000)));

        using var file = new MemoryStream(vips.JpegsaveBuffer(q: 60));

        Assert.InRange(JpegQuality.Of(file) ?? 0, 59, 61);
    }

    [Theory]
    [InlineData("")]
    [InlineData("FFD8")]
    [InlineData("FFD8FFDA0008")] // pixels begin, and no table before them
    [InlineData("FFD8FFDB0043000102")] // the table breaks off
    [InlineData("FFD8FFDB0000")] // a length that can't be
    [InlineData("FFD8FFDB000300FFD9")] // an empty table
    [InlineData("89504E470D0A1A0A")]
    public void BrokenOrOtherFilesHaveNone(string bytes)
    {
        using var file = new MemoryStream(Convert.FromHexString(bytes));

        Assert.Null(JpegQuality.Of(file));
    }

    [Fact]
    public void AnyBytesGiveANumberOrNone()
    {
        using var vips = Drawn.Soft(40, 30).ToVips();
        var jpeg = vips.JpegsaveBuffer(q: 80);
        var random = new CounterRandom(1);
        for (var i = 0; i < 2000; i++)
        {
            var broken = jpeg[..(1 + random.Next(jpeg.Length))];
            broken[random.Next(broken.Length)] = (byte)random.Next(256);
            using var file = new MemoryStream(broken);

            Assert.InRange(JpegQuality.Of(file) ?? 1, 1, 100);
        }
    }
}
