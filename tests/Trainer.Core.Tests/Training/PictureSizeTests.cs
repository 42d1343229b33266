using Trainer.Core.Training;
using Xunit;

namespace Trainer.Core.Tests.Training;

public sealed class PictureSizeTests
{
    [Fact]
    public void GrowsFrom64Over96To128()
    {
        var edges = Enumerable.Range(0, 12).Select(epoch => PictureSize.At(epoch, epochs: 12, smallFirst: 0.75, edge: 128));

        Assert.Equal([64, 64, 64, 64, 64, 64, 96, 96, 96, 128, 128, 128], edges);
    }

    [Theory]
    [InlineData(160, 64, 96)]
    [InlineData(192, 96, 128)]
    [InlineData(224, 96, 160)]
    public void SmallOnesOfAnotherEdgeAreMultiplesOf32Too(int edge, int first, int second) =>
        Assert.Equal([first, second, edge], new[] { 0, 8, 11 }.Select(epoch => PictureSize.At(epoch, epochs: 12, smallFirst: 0.75, edge)));

    [Fact]
    public void IsFullFromTheStartWithoutAShareOfSmallOnes() => Assert.Equal(128, PictureSize.At(0, 20, 0, edge: 128));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(120)]
    public void TheLastEpochIsFull(int epochs) => Assert.Equal(128, PictureSize.At(epochs - 1, epochs, 1, edge: 128));
}
