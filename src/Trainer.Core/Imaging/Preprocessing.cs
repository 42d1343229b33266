using System.Globalization;

namespace Trainer.Core.Imaging;

/// <summary>How a decoded picture becomes the network's input: the contract between training, export and the app.</summary>
/// <remarks>
/// 1. Decode: EXIF orientation applied, 8-bit sRGB, alpha over white, first frame. 2. Crop to the centre square. 3. Resize by an
/// antialiased bilinear (triangle) filter to E x E. 4. Normalise to x / 127.5 − 1 as float32, RGB, NCHW. It is written into every artefact
/// as
/// <see cref="Version"/>, <see cref="Edge"/> and <see cref="Description"/>. Each run chooses its edge; the rest is the same for all runs.
/// </remarks>
/// <param name="Edge">E, the edge of the square network input in pixels: one of <see cref="Edges"/>.</param>
public sealed record Preprocessing(int Edge)
{
    /// <summary>Half of the pixel range: x / HalfRange − 1 lies in −1..1.</summary>
    public const double HalfRange = 127.5;

    /// <summary>Increases with every change of the steps; a model contains the version that it was trained with.</summary>
    public const int Version = 1;

    private static readonly float[] Normalised = [.. Enumerable.Range(0, 256).Select(x => (x / (float)HalfRange) - 1)];

    /// <summary>
    /// The edges that a run may choose: multiples of 32, the network's total stride, up to the 224 of the public weights.
    /// </summary>
    public static IReadOnlyList<int> Edges { get; } = [128, 160, 192, 224];

    /// <summary>The preprocessing of a run that doesn't choose an edge, and of all older runs and files, which had no choice.</summary>
    public static Preprocessing Default { get; } = new(Edges[0]);

    /// <summary>The contract in one line, for the artefacts.</summary>
    public string Description =>
        $"EXIF orientation; 8-bit sRGB, alpha over white; centre square; antialiased bilinear to {Edge}x{Edge}; x/127.5-1; RGB, NCHW "
            + "float32";

    /// <summary>The shorter side towards which pictures are reduced while decoding, never below it: twice the input's edge.</summary>
    public int ShorterSide => 2 * Edge;

    /// <summary>
    /// The same for training, where every picture is cropped and stretched at random anyway. With 192, JPEGs of 640x480 are decoded at half
    /// their size, in well under half the time. Pictures that calibrate or test a gate are decoded to <see cref="ShorterSide"/>.
    /// </summary>
    public int TrainingShorterSide => Edge * 3 / 2;

    /// <summary>Computes x / 127.5 − 1 for each byte.</summary>
    /// <param name="values">Written; at least as long as <paramref name="pixels"/>.</param>
    public static void Normalise(ReadOnlySpan<byte> pixels, Span<float> values)
    {
        values = values[..pixels.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Normalised[pixels[i]];
        }
    }

    /// <summary>The preprocessing by the edge in a file's metadata.</summary>
    /// <param name="edge">The edge; null in files from before runs could choose it.</param>
    /// <returns>The preprocessing; null when the edge isn't one of <see cref="Edges"/>.</returns>
    public static Preprocessing? Of(string? edge) =>
        edge is null ? Default
            : Edges.Where(known => edge == known.ToString(CultureInfo.InvariantCulture)).Select(known => new Preprocessing(known))
            .FirstOrDefault();

    /// <summary>The pixels that the network sees of a picture: E · E · 3 bytes, RGB, row by row.</summary>
    public byte[] ToInput(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Resampler.Resize(image, CropBox.CentreSquare(image.Width, image.Height), Edge, Edge);
    }
}
