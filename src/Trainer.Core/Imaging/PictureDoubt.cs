namespace Trainer.Core.Imaging;

/// <summary>Recognises pictures in which nothing can be seen, so that people read "too dark to tell" beside a gate's verdict.</summary>
/// <remarks>
/// The bounds are safe: none of 3,911 ordinary photos (five subjects, their look-alikes, COCO) and of 7,000 more with 64 pixels is called
/// unclear. The darkest of them has one hundredth of its pixels above 42, the brightest has one hundredth below 171, and the plainest spans
/// 24 levels. Blur isn't detected: a bound that no ordinary photo fell below, including close-ups of leaves, found only a third of the
/// photos that were blurred by 2 pixels of 128: docs/decisions/0037.
/// </remarks>
internal static class PictureDoubt
{
    private const int Levels = 256;
    private const int Dark = 32; // out of 255
    private const int Bright = 224;
    private const int Plain = 16; // largest difference between the darkest and the brightest pixel
    private const int PixelsPerOutlier = 100; // one pixel in this many may be darker or brighter, such as dust or a glint

    /// <summary>The reason why nobody can tell what the centre square shows, if there is one.</summary>
    /// <returns>Words for people, such as "too dark to tell"; null for ordinary pictures.</returns>
    public static string? Of(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var square = CropBox.CentreSquare(image.Width, image.Height);
        var (x, y, edge) = ((int)square.X, (int)square.Y, (int)square.Width);
        var counts = new int[Levels];
        for (var row = y; row < y + edge; row++)
        {
            Count(image.Pixels.AsSpan(3 * ((row * image.Width) + x), 3 * edge), counts);
        }

        return Of(counts, edge * edge);
    }

    private static string? Of(int[] counts, int pixels)
    {
        var (darkest, brightest) = (0, Levels - 1);
        for (var left = pixels / PixelsPerOutlier; (left -= counts[darkest]) >= 0;)
        {
            darkest++;
        }

        for (var left = pixels / PixelsPerOutlier; (left -= counts[brightest]) >= 0;)
        {
            brightest--;
        }

        return brightest <= Dark ? "too dark to tell"
            : darkest >= Bright ? "too bright to tell"
            : brightest - darkest <= Plain ? "nothing to be seen"
            : null;
    }

    /// <summary>Adds the pixels' brightness (luma of ITU-R BT.601) to a histogram.</summary>
    private static void Count(ReadOnlySpan<byte> rgb, int[] counts)
    {
        for (var i = 0; i < rgb.Length; i += 3)
        {
            counts[((299 * rgb[i]) + (587 * rgb[i + 1]) + (114 * rgb[i + 2])) / 1000]++;
        }
    }
}
