using Trainer.Core.Imaging;
using Xunit;

namespace Trainer.Core.Tests.Imaging;

public sealed class PictureDoubtTests
{
    private const int Edge = 40;

    [Theory]
    [InlineData(0, 32, "too dark to tell")]
    [InlineData(224, 255, "too bright to tell")]
    [InlineData(120, 136, "nothing to be seen")]
    [InlineData(0, 40, null)] // a night photo
    [InlineData(210, 250, null)] // snow
    [InlineData(120, 140, null)] // fog
    public void TellsBlackWhiteAndPlainPictures(int least, int most, string? doubt) =>
        Assert.Equal(doubt, PictureDoubt.Of(Picture(Edge, i => (byte)(i % 2 == 0 ? least : most))));

    [Fact]
    public void AGlintIsNoLight()
    {
        Assert.Equal("too dark to tell", PictureDoubt.Of(Picture(Edge, i => (byte)(i % 120 == 0 ? 255 : 10))));
        Assert.Null(PictureDoubt.Of(Picture(Edge, i => (byte)(i % 80 == 0 ? 255 : 10))));
    }

    [Fact]
    public void OnlyTheCentreSquareCounts()
    {
        var wide = Picture(3 * Edge, i => (byte)(i % (3 * Edge) is >= Edge and < 2 * Edge ? 10 : 200));

        Assert.Equal("too dark to tell", PictureDoubt.Of(wide));
    }

    [Fact]
    public void OnePixelIsPlain() => Assert.Equal("nothing to be seen", PictureDoubt.Of(new RgbImage(1, 1, [100, 100, 100])));

    private static RgbImage Picture(int width, Func<int, byte> grey) =>
        new(width, Edge, [.. Enumerable.Range(0, width * Edge).SelectMany(i => Enumerable.Repeat(grey(i), 3))]);
}
