namespace Trainer.Core.Imaging;

/// <summary>How a training picture is varied before the network sees it.</summary>
public enum AugmentationMode
{
    /// <summary>Not at all: what validation sees.</summary>
    None,

    /// <summary>A random part of the picture at a random size, mirrored half of the time.</summary>
    CropAndFlip,
}

/// <summary>Varies pictures; all choices come from the generator that is passed in.</summary>
public static class Augmentation
{
    /// <summary>Least share of the picture's area that a crop keeps.</summary>
    public const double LeastArea = 0.35;

    private const double WidestAspect = 4.0 / 3.0;

    /// <summary>The pixels that the network sees: 128 · 128 · 3 bytes, RGB.</summary>
    public static byte[] ToInput(RgbImage image, AugmentationMode mode, CounterRandom random)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (mode == AugmentationMode.None)
        {
            return Preprocessing.ToInput(image);
        }

        var pixels = Resampler.Resize(image, RandomCrop(image, ref random), Preprocessing.ImageSize, Preprocessing.ImageSize);
        if (random.NextDouble() < 0.5)
        {
            Mirror(pixels, Preprocessing.ImageSize);
        }

        return pixels;
    }

    /// <summary>Szegedy et al. 2014 (Going Deeper with Convolutions), section 6: area and aspect drawn at random, inside the picture.</summary>
    private static CropBox RandomCrop(RgbImage image, ref CounterRandom random)
    {
        // Area of the centre square, not of the picture: else wide pictures would be shown larger than validation shows them.
        var edge = Math.Min(image.Width, image.Height);
        var area = random.Next(LeastArea, 1) * edge * edge;
        var aspect = Math.Exp(random.Next(-1, 1) * Math.Log(WidestAspect));
        var width = Math.Min(Math.Sqrt(area * aspect), image.Width);
        var height = Math.Min(area / width, image.Height);
        return new CropBox(random.NextDouble() * (image.Width - width), random.NextDouble() * (image.Height - height), width, height);
    }

    private static void Mirror(byte[] pixels, int edge)
    {
        for (var y = 0; y < edge; y++)
        {
            for (int left = y * edge, right = left + edge - 1; left < right; left++, right--)
            {
                for (var channel = 0; channel < 3; channel++)
                {
                    (pixels[(left * 3) + channel], pixels[(right * 3) + channel]) = (pixels[(right * 3) + channel], pixels[(left * 3) + channel]);
                }
            }
        }
    }
}
