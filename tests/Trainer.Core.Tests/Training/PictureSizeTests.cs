using Trainer.Core.Training;
using Xunit;

namespace Trainer.Core.Tests.Training;

public sealed class PictureSizeTests
{
    [Fact]
    public void GrowsFrom64Over96To128()
    {
        var edges = Enumerable.Range(0, 12).Select(epoch => PictureSize.At(epoch, epochs: 12, smallFirst: 0.75));

        Assert.Equal([64, 64, 64, 64, 64, 64, 96, 96, 96, 128, 128, 128], edges);
    }

    [Fact]
    public void IsFullFromTheStartWithoutAShareOfSmallOnes() => Assert.Equal(128, PictureSize.At(0, 20, 0));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(120)]
    public void TheLastEpochIsFull(int epochs) => Assert.Equal(128, PictureSize.At(epochs - 1, epochs, 1));
}
