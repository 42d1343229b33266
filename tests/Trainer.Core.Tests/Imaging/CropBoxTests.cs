using Trainer.Core.Imaging;
using Xunit;

namespace Trainer.Core.Tests.Imaging;

public sealed class CropBoxTests
{
    [Theory]
    [InlineData(640, 480, 80, 0, 480)]
    [InlineData(480, 640, 0, 80, 480)]
    [InlineData(128, 128, 0, 0, 128)]
    [InlineData(5, 2, 1, 0, 2)] // with an odd remainder, the smaller half comes first
    [InlineData(2, 2000, 0, 999, 2)]
    [InlineData(1, 1, 0, 0, 1)]
    public void CentreSquareIsTheLargestOnWholePixels(int width, int height, double x, double y, double edge) =>
        Assert.Equal(new CropBox(x, y, edge, edge), CropBox.CentreSquare(width, height));
}
