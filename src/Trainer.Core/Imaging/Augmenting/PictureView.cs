using Trainer.Core.Randomness;

namespace Trainer.Core.Imaging.Augmenting;

/// <summary>Makes varied views of a photo, from which the gate learns which changes to ignore.</summary>
/// <remarks>
/// The views have two uses: the network trains on them, and the gate gives little weight to the directions in which they move the features
/// when it measures a picture's distance from the subject. All choices come from the generator that is passed in.
/// </remarks>
internal static class PictureView
{
    private const double LeastArea = 0.5; // share of the centre square
    private const double LeastAreaOfStrips = 0.4; // the strip is cut from a crop of at least this share
    private const double ShareMirrored = 0.5, ShareBlurred = 0.3, ShareCompressed = 0.5;
    private const int LowestQuality = 25, HighestQuality = 90;

    private static readonly ResampleFilter[] Others = [ResampleFilter.Nearest, ResampleFilter.Bilinear, ResampleFilter.Lanczos];

    /// <summary>The pixels that the network sees: E · E · 3 bytes, RGB.</summary>
    /// <param name="edge">E.</param>
    public static byte[] ToInput(RgbImage image, PictureVariation variation, CounterRandom random, int edge)
    {
        ArgumentNullException.ThrowIfNull(image);
        var square = CropBox.CentreSquare(image.Width, image.Height);
        return variation switch
        {
            PictureVariation.None => Resampler.Resize(image, square, edge, edge),
            PictureVariation.Rescaled => Resampler.Resize(image, square, edge, edge, Others[random.Next(Others.Length)]),
            PictureVariation.Retaken => Retake(image, square, ref random, edge),
            PictureVariation.Strip => Strip(image, square, ref random, edge),
            _ => throw new ArgumentOutOfRangeException(nameof(variation)),
        };
    }

    private static byte[] Retake(RgbImage image, CropBox square, ref CounterRandom random, int edge)
    {
        var filter = random.NextDouble() < 0.5 ? ResampleFilter.Antialiased : Others[random.Next(Others.Length)];
        var pixels = Resampler.Resize(image, Closer(square, LeastArea, ref random), edge, edge, filter);
        MirrorSome(pixels, edge, ref random);
        if (random.NextDouble() < ShareBlurred)
        {
            pixels = PictureDamage.Blur(pixels, edge, random.Next(0.4, 1.2));
        }

        ColourTransform.Contrast(random.Next(0.75, 1.25), Palette.Of(pixels).Grey)
            .Then(ColourTransform.Brightness(random.Next(0.6, 1.3)))
            .Then(ColourTransform.Saturation(random.Next(0.8, 1.2)))
            .Apply(pixels);
        return random.NextDouble() < ShareCompressed
            ? PictureDamage.Compress(pixels, edge, LowestQuality + random.Next(HighestQuality - LowestQuality)) : pixels;
    }

    private static byte[] Strip(RgbImage image, CropBox square, ref CounterRandom random, int edge)
    {
        var pixels = Resampler.Resize(image, Closer(square, LeastAreaOfStrips, ref random), edge, edge);
        MirrorSome(pixels, edge, ref random);
        CutOut.Apply(pixels, edge, random);
        return pixels;
    }

    private static CropBox Closer(CropBox square, double leastArea, ref CounterRandom random)
    {
        var edge = Math.Sqrt(random.Next(leastArea, 1)) * square.Width;
        return new CropBox(
            square.X + (random.NextDouble() * (square.Width - edge)), square.Y + (random.NextDouble() * (square.Height - edge)), edge,
            edge);
    }

    private static void MirrorSome(byte[] pixels, int edge, ref CounterRandom random)
    {
        if (random.NextDouble() < ShareMirrored)
        {
            Augmentation.Mirror(pixels, edge);
        }
    }
}
