namespace Trainer.Core.Imaging;

/// <summary>The one contract between training, export and the app: how a decoded picture becomes the network's input.</summary>
/// <remarks>
/// 1. Decode: EXIF orientation applied, 8-bit sRGB, alpha over white, first frame. 2. Centre square. 3. Antialiased bilinear
/// (triangle) to 128x128. 4. x / 127.5 − 1 as float32, RGB, NCHW. Written into every artefact as <see cref="Version"/> and
/// <see cref="Description"/>.
/// </remarks>
public static class Preprocessing
{
    /// <summary>Edge of the square network input, in pixels.</summary>
    public const int ImageSize = 128;

    /// <summary>Half of the pixel range: x / HalfRange − 1 lies in −1..1.</summary>
    public const double HalfRange = 127.5;

    /// <summary>Rises with every change of what a picture becomes; a model knows the one that it was trained with.</summary>
    public const int Version = 1;

    /// <summary>The contract in a line, for the artefacts.</summary>
    public const string Description =
        "EXIF orientation; 8-bit sRGB, alpha over white; centre square; antialiased bilinear to 128x128; x/127.5-1; RGB, NCHW float32";

    private static readonly float[] Normalised = [.. Enumerable.Range(0, 256).Select(x => (x / (float)HalfRange) - 1)];

    /// <summary>x / 127.5 − 1 of each byte.</summary>
    /// <param name="values">As many as <paramref name="pixels"/>.</param>
    public static void Normalise(ReadOnlySpan<byte> pixels, Span<float> values)
    {
        values = values[..pixels.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Normalised[pixels[i]];
        }
    }

    /// <summary>The pixels that the network sees of a picture: 128 · 128 · 3 bytes, RGB, row by row.</summary>
    public static byte[] ToInput(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Resampler.Resize(image, CropBox.CentreSquare(image.Width, image.Height), ImageSize, ImageSize);
    }
}
