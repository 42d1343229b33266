using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Imaging;

public sealed class AugmentationColourTests
{
    private static readonly RgbImage Image = Drawn.Soft(150, 110);

    [Fact]
    public void FullIsAPureFunctionOfItsGenerator()
    {
        var first = Augmented(AugmentationMode.Full, 7);

        _ = Augmented(AugmentationMode.Full, 8);

        Assert.Equal(first, Augmented(AugmentationMode.Full, 7));
        Assert.NotEqual(first, Augmented(AugmentationMode.Full, 8));
    }

    /// <summary>
    /// The random numbers for crop and mirroring are drawn first, so the picture's shapes equal those of the simpler mode.
    /// </summary>
    [Fact]
    public void FullChangesColoursAndNothingElse()
    {
        var grey = new RgbImage(90, 90, [.. Drawn.Noise(90, 90, seed: 1).Pixels.Select((_, i) => (byte)(60 + (i / 3 % 90)))]);

        for (ulong key = 0; key < 20; key++)
        {
            var plain = Augmentation.ToInput(grey, AugmentationMode.CropAndFlip, new CounterRandom(key), 128);
            var full = Augmentation.ToInput(grey, AugmentationMode.Full, new CounterRandom(key), 128);

            // grey stays grey
            Assert.All(Enumerable.Range(0, full.Length / 3), i => Assert.InRange(full[3 * i] - full[(3 * i) + 2], -1, 1));
            Assert.Equal(SignsAlongARow(plain), SignsAlongARow(full));
        }
    }

    [Fact]
    public void FullVariesLightAndColour()
    {
        var flat = new RgbImage(130, 130, [.. Enumerable.Repeat<byte[]>([150, 100, 60], 130 * 130).SelectMany(colour => colour)]);

        var colours = Enumerable.Range(0, 200)
            .Select(key => Augmentation.ToInput(flat, AugmentationMode.Full, new CounterRandom((ulong)key), 128)[..3]).ToArray();

        var light = colours.Select(colour => (double)colour.Sum(v => v) / 310).ToArray();
        Assert.InRange(light.Min(), 0.65, 0.8);
        Assert.InRange(light.Max(), 1.2, 1.35);
        var redness = colours.Select(colour => colour[0] / Math.Max(1.0, colour[2])).ToArray(); // it was 2.5 before
        Assert.InRange(redness.Min(), 1, 2);
        Assert.InRange(redness.Max(), 3.2, 12);
    }

    [Fact]
    public void PictureItselfIsLeftAlone()
    {
        var before = (byte[])Image.Pixels.Clone();

        _ = Augmented(AugmentationMode.Full, 1);

        Assert.Equal(before, Image.Pixels);
    }

    private static byte[] Augmented(AugmentationMode mode, ulong key) =>
        Augmentation.ToInput(Image, mode, new CounterRandom(key), 128);

    private static int[] SignsAlongARow(byte[] pixels) =>
        [.. Enumerable.Range(0, 8).Select(x => Math.Sign(pixels[((x * 16) + 15) * 3] - pixels[x * 16 * 3]))];
}
