using System.Globalization;

namespace Trainer.Core.Imaging;

/// <summary>The one contract between training, export and the app: how a decoded picture becomes the network's input.</summary>
/// <remarks>
/// 1. Decode: EXIF orientation applied, 8-bit sRGB, alpha over white, first frame. 2. Centre square. 3. Antialiased bilinear
/// (triangle) to E x E. 4. x / 127.5 − 1 as float32, RGB, NCHW. Written into every artefact as <see cref="Version"/>,
/// <see cref="Edge"/> and <see cref="Description"/>. The edge is a run's own choice; the rest is the same for all.
/// </remarks>
/// <param name="Edge">E, the edge of the square network input in pixels: one of <see cref="Edges"/>.</param>
public sealed record Preprocessing(int Edge)
{
    /// <summary>Half of the pixel range: x / HalfRange − 1 lies in −1..1.</summary>
    public const double HalfRange = 127.5;

    /// <summary>Rises with every change of what a picture becomes; a model knows the one that it was trained with.</summary>
    public const int Version = 1;

    private static readonly float[] Normalised = [.. Enumerable.Range(0, 256).Select(x => (x / (float)HalfRange) - 1)];

    /// <summary>The edges that a run may have: multiples of 32, by which the network's maps shrink, up to the 224 that public weights were trained at.</summary>
    public static IReadOnlyList<int> Edges { get; } = [128, 160, 192, 224];

    /// <summary>That of a run which didn't choose, and of every run and file from before there was a choice.</summary>
    public static Preprocessing Default { get; } = new(Edges[0]);

    /// <summary>The contract in a line, for the artefacts.</summary>
    public string Description =>
        $"EXIF orientation; 8-bit sRGB, alpha over white; centre square; antialiased bilinear to {Edge}x{Edge}; x/127.5-1; RGB, NCHW float32";

    /// <summary>Pictures are reduced towards this shorter side while decoding, never below: twice the input.</summary>
    public int ShorterSide => 2 * Edge;

    /// <summary>
    /// The same for training, where every picture is cropped and stretched at random anyway: with 192, JPEGs of 640x480 are read at half their size,
    /// in well under half of the time. What a gate is calibrated and judged by is read at <see cref="ShorterSide"/>.
    /// </summary>
    public int TrainingShorterSide => Edge * 3 / 2;

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

    /// <summary>What a file's metadata say of the edge.</summary>
    /// <param name="edge">Null where they don't say it, as before there was a choice.</param>
    /// <returns>Null where it is none of <see cref="Edges"/>.</returns>
    public static Preprocessing? Of(string? edge) =>
        edge is null ? Default : Edges.Where(known => edge == known.ToString(CultureInfo.InvariantCulture)).Select(known => new Preprocessing(known)).FirstOrDefault();

    /// <summary>The pixels that the network sees of a picture: E · E · 3 bytes, RGB, row by row.</summary>
    public byte[] ToInput(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Resampler.Resize(image, CropBox.CentreSquare(image.Width, image.Height), Edge, Edge);
    }
}
