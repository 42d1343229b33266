using Trainer.Core.Randomness;

namespace Trainer.Core.Imaging.Augmenting;

/// <summary>How a training picture is changed at random before the network sees it.</summary>
public enum AugmentationMode
{
    /// <summary>Not at all, as in validation.</summary>
    None,

    /// <summary>A random crop of random size, mirrored half of the time.</summary>
    CropAndFlip,

    /// <summary>The same, with random changes of brightness, contrast, saturation and hue.</summary>
    Full,
}

/// <summary>Varies pictures at random. All choices come from the generator that is passed in.</summary>
internal static class Augmentation
{
    /// <summary>The smallest area of a crop by default: small enough to show a leaf instead of the plant.</summary>
    public const double LeastArea = 0.15;

    private const double WidestAspect = 4.0 / 3.0;
    private const double LightRange = 0.3;
    private const double SaturationRange = 0.4;
    private const double HueRange = 0.15; // radians, 9 degrees

    /// <summary>The pixels that the network sees: E · E · 3 bytes, RGB.</summary>
    /// <param name="edge">E.</param>
    /// <param name="leastArea">The smallest area of a crop, as a share of the picture's centre square; above 0, at most 1.</param>
    public static byte[] ToInput(
        RgbImage image, AugmentationMode mode, CounterRandom random, int edge, double leastArea = LeastArea)
    {
        ArgumentNullException.ThrowIfNull(image);
        var box = mode == AugmentationMode.None ? CropBox.CentreSquare(image.Width, image.Height)
            : RandomCrop(image, leastArea, ref random);
        var pixels = Resampler.Resize(image, box, edge, edge);
        if (mode != AugmentationMode.None && random.NextDouble() < 0.5)
        {
            Mirror(pixels, edge);
        }

        if (mode == AugmentationMode.Full)
        {
            ColourTransform.Contrast(random.Next(1 - LightRange, 1 + LightRange), Palette.Of(pixels).Grey)
                .Then(ColourTransform.Brightness(random.Next(1 - LightRange, 1 + LightRange)))
                .Then(ColourTransform.Saturation(random.Next(1 - SaturationRange, 1 + SaturationRange)))
                .Then(ColourTransform.Hue(random.Next(-HueRange, HueRange)))
                .Apply(pixels);
        }

        return pixels;
    }

    /// <summary>
    /// A crop of random area and aspect ratio inside the picture: Szegedy et al. 2014 (Going Deeper with Convolutions), section 6.
    /// </summary>
    private static CropBox RandomCrop(RgbImage image, double leastArea, ref CounterRandom random)
    {
        // A share of the centre square's area, not of the picture's: otherwise crops of wide pictures would be larger than in validation.
        var edge = Math.Min(image.Width, image.Height);
        var area = random.Next(leastArea, 1) * edge * edge;
        var aspect = Math.Exp(random.Next(-1, 1) * Math.Log(WidestAspect));
        var width = Math.Min(Math.Sqrt(area * aspect), image.Width);
        var height = Math.Min(area / width, image.Height);
        return new CropBox(random.NextDouble() * (image.Width - width), random.NextDouble() * (image.Height - height), width, height);
    }

    internal static void Mirror(byte[] pixels, int edge)
    {
        for (var y = 0; y < edge; y++)
        {
            for (int left = y * edge, right = left + edge - 1; left < right; left++, right--)
            {
                for (var channel = 0; channel < 3; channel++)
                {
                    (pixels[(left * 3) + channel], pixels[(right * 3) + channel]) =
                        (pixels[(right * 3) + channel], pixels[(left * 3) + channel]);
                }
            }
        }
    }
}
