using Trainer.Core.Imaging.Augmenting;
using Xunit;

namespace Trainer.Core.Tests.Imaging.Augmenting;

public sealed class PaletteTests
{
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 5)]
    [InlineData(300, 200)]
    public void AgreesWithTwoPassesOverEachChannel(int width, int height)
    {
        var pixels = Drawn.Noise(width, height, seed: 3).Pixels;

        var palette = Palette.Of(pixels);

        for (var c = 0; c < 3; c++)
        {
            var channel = pixels.Where((_, i) => i % 3 == c).Select(v => (double)v).ToArray();
            var mean = channel.Average();
            Assert.Equal(mean, palette.Mean[c], Tolerance);
            Assert.Equal(Math.Sqrt(channel.Sum(v => (v - mean) * (v - mean)) / channel.Length), palette.Deviation[c], Tolerance);
        }
    }

    [Fact]
    public void OneColourHasNoDeviation()
    {
        var palette = Palette.Of([.. Enumerable.Repeat<byte[]>([220, 30, 41], 100).SelectMany(colour => colour)]);

        Assert.Equal([220, 30, 41], palette.Mean);
        Assert.All(palette.Deviation, deviation => Assert.InRange(deviation, 0, 1e-4)); // and not NaN
        Assert.Equal(97, palette.Grey, Tolerance);
    }
}
