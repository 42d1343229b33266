using Trainer.Core.Randomness;

namespace Trainer.Core.Imaging.Augmenting;

/// <summary>
/// Variations of a photo, as if a phone had taken it a moment later: a slightly closer crop, and slightly different light.
/// </summary>
/// <remarks>
/// The photos that calibrate a threshold are few, and without variations their framing and light would decide it by chance. The changes are
/// smaller than those of <see cref="Augmentation"/>, because the variations represent photos that should be accepted.
/// </remarks>
internal static class Variations
{
    /// <summary>How many variations a photo has, including the photo itself.</summary>
    public const int Count = 6;

    private const double LeastArea = 0.5;
    private const double LightRange = 0.15;
    private const ulong Purpose = 0x56415259; // "VARY"

    /// <summary>The pixels that the network sees: E · E · 3 bytes, RGB.</summary>
    /// <param name="photo">A number that identifies the photo; the same number always gives the same variation.</param>
    /// <param name="variation">Below <see cref="Count"/>; 0 is the unchanged photo.</param>
    /// <param name="edge">E.</param>
    public static byte[] ToInput(RgbImage image, int photo, int variation, int edge)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(variation, Count);
        if (variation == 0)
        {
            return new Preprocessing(edge).ToInput(image);
        }

        var random = new CounterRandom(Purpose, (ulong)photo, (ulong)variation);
        var pixels = Resampler.Resize(image, Closer(image, ref random), edge, edge);
        ColourTransform.Contrast(Change(ref random), Palette.Of(pixels).Grey)
            .Then(ColourTransform.Brightness(Change(ref random)))
            .Then(ColourTransform.Saturation(Change(ref random)))
            .Apply(pixels);
        return pixels;
    }

    private static CropBox Closer(RgbImage image, ref CounterRandom random)
    {
        var square = CropBox.CentreSquare(image.Width, image.Height);
        var edge = Math.Sqrt(random.Next(LeastArea, 1)) * square.Width;
        return new CropBox(
            square.X + (random.NextDouble() * (square.Width - edge)), square.Y + (random.NextDouble() * (square.Height - edge)), edge,
            edge);
    }

    private static double Change(ref CounterRandom random) => random.Next(1 - LightRange, 1 + LightRange);
}
