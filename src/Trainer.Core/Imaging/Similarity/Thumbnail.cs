using NetVips;

namespace Trainer.Core.Imaging.Similarity;

/// <summary>Small pictures for pages.</summary>
internal static class Thumbnail
{
    private const int Quality = 62; // below it skin and sky show blocks, above it the file grows faster than it gains

    /// <summary>The centre square, which is what the network sees of a picture, as WebP.</summary>
    /// <param name="edge">Pixels a side.</param>
    public static byte[] Of(RgbImage image, int edge)
    {
        ArgumentNullException.ThrowIfNull(image);
        var pixels = Resampler.Resize(image, CropBox.CentreSquare(image.Width, image.Height), edge, edge);
        using var square = Image.NewFromMemory(pixels, edge, edge, 3, Enums.BandFormat.Uchar);
        return square.WebpsaveBuffer(q: Quality, keep: Enums.ForeignKeep.None);
    }
}
