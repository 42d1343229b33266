using Trainer.Core.Imaging;
using Xunit;

namespace Trainer.Core.Tests.Imaging;

public sealed class PreprocessingTests
{
    [Theory]
    [InlineData(300, 200)]
    [InlineData(200, 301)]
    [InlineData(128, 128)]
    [InlineData(40, 30)]
    [InlineData(1, 1)]
    [InlineData(2, 2000)]
    public void InputIsTheCentreSquareAt128(int width, int height)
    {
        var image = Drawn.Noise(width, height, seed: 1);
        var edge = Math.Min(width, height);
        var (left, top) = ((width - edge) / 2, (height - edge) / 2);
        var square = new RgbImage(edge, edge, new byte[edge * edge * 3]);
        for (var y = 0; y < edge; y++)
        {
            image.Pixels.AsSpan((((top + y) * width) + left) * 3, edge * 3).CopyTo(square.Pixels.AsSpan(y * edge * 3));
        }

        var input = Preprocessing.Default.ToInput(image);

        Assert.Equal(128 * 128 * 3, input.Length);
        Assert.Equal(Resampler.Resize(square, new CropBox(0, 0, edge, edge), 128, 128), input);
    }

    [Theory]
    [InlineData(160)]
    [InlineData(224)]
    public void AnotherEdgeIsSaidAndSeen(int edge)
    {
        var preprocessing = new Preprocessing(edge);
        var image = Drawn.Noise(300, 300, seed: 1);

        Assert.Equal(Resampler.Resize(image, new CropBox(0, 0, 300, 300), edge, edge), preprocessing.ToInput(image));
        Assert.Equal((2 * edge, edge * 3 / 2), (preprocessing.ShorterSide, preprocessing.TrainingShorterSide));
        Assert.Contains($"bilinear to {edge}x{edge};", preprocessing.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 128)] // from versions without a choice
    [InlineData("224", 224)]
    [InlineData("225", null)]
    [InlineData("0224", null)]
    [InlineData("", null)]
    public void OnlyKnownEdgesAreRead(string? said, int? edge) => Assert.Equal(edge, Preprocessing.Of(said)?.Edge);

    [Fact]
    public void WhatIsCutOffDoesNotCount()
    {
        var image = Drawn.Soft(200, 100);
        var before = Preprocessing.Default.ToInput(image);

        for (var y = 0; y < 100; y++)
        {
            image.Pixels.AsSpan(y * 200 * 3, 50 * 3).Clear();
            image.Pixels.AsSpan(((y * 200) + 150) * 3, 50 * 3).Fill(255);
        }

        Assert.Equal(before, Preprocessing.Default.ToInput(image));
    }

    [Fact]
    public void ShapeIsNotSquashed()
    {
        var quarters = Drawn.Quarters(400, 200);

        var input = new RgbImage(128, 128, Preprocessing.Default.ToInput(quarters));

        Assert.Equal(Drawn.Red, input.At(62, 62));
        Assert.Equal(Drawn.Yellow, input.At(66, 66));
    }
}
