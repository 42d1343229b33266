using Trainer.Core.Randomness;

namespace Trainer.Core.Imaging.Augmenting;

/// <summary>A photo as a phone could have taken it a moment later: framed a little closer, in a little more or less light.</summary>
/// <remarks>
/// Few photos calibrate a threshold, and what their framing or light happens to be would decide it. Milder than <see cref="Augmentation"/>:
/// these stand for photos that are to be accepted.
/// </remarks>
internal static class Variations
{
    /// <summary>Of each photo, the photo itself among them.</summary>
    public const int Count = 6;

    private const double LeastArea = 0.5;
    private const double LightRange = 0.15;
    private const ulong Purpose = 0x56415259; // "VARY"

    /// <summary>The pixels that the network sees: E · E · 3 bytes, RGB.</summary>
    /// <param name="photo">Any number that is the photo's own: with it, the variation is always the same.</param>
    /// <param name="variation">Below <see cref="Count"/>; 0 is the photo as it is.</param>
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
        return new CropBox(square.X + (random.NextDouble() * (square.Width - edge)), square.Y + (random.NextDouble() * (square.Height - edge)), edge, edge);
    }

    private static double Change(ref CounterRandom random) => random.Next(1 - LightRange, 1 + LightRange);
}
