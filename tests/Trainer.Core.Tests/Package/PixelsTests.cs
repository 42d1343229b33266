using Trainer.Gates;
using Xunit;

namespace Trainer.Core.Tests.Package;

public sealed class PixelsTests
{
    [Fact]
    public void OpaqueColoursStayAndTransparentOnesAreWhite()
    {
        byte[] rgba = [10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 255, 128];

        Assert.Equal([10, 20, 30, 255, 255, 255, 127, 177, 255], Pixels.FromRgba(rgba, 3, 1).Rgb);
    }

    [Fact]
    public void BlueMayComeFirst() => Assert.Equal([30, 20, 10], Pixels.FromBgra([10, 20, 30, 255], 1, 1).Rgb);

    [Theory]
    [InlineData(11, 2, 2)]
    [InlineData(0, 0, 0)]
    [InlineData(12, -2, -2)]
    [InlineData(0, int.MaxValue, int.MaxValue)]
    public void ArrayOfAnotherLengthIsRefused(int length, int width, int height) =>
        Assert.Contains($"{length} bytes are no picture of {width}x{height}",
            Assert.Throws<ArgumentException>(() => new Pixels(new byte[length], width, height)).Message, StringComparison.Ordinal);
}
