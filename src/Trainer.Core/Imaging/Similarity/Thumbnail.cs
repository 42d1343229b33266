using NetVips;

namespace Trainer.Core.Imaging.Similarity;

/// <summary>Small pictures for the report pages.</summary>
internal static class Thumbnail
{
    private const int Quality = 62; // lower shows blocks in skin and sky; higher makes larger files for little gain

    /// <summary>The centre square of a picture, which is the part that the network sees, as WebP.</summary>
    /// <param name="edge">Edge of the thumbnail in pixels.</param>
    public static byte[] Of(RgbImage image, int edge)
    {
        ArgumentNullException.ThrowIfNull(image);
        var pixels = Resampler.Resize(image, CropBox.CentreSquare(image.Width, image.Height), edge, edge);
        using var square = Image.NewFromMemory(pixels, edge, edge, 3, Enums.BandFormat.Uchar);
        return square.WebpsaveBuffer(q: Quality, keep: Enums.ForeignKeep.None);
    }
}
