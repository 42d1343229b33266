namespace Trainer.Core.Imaging;

/// <summary>Tells pictures in which nobody could see anything, so that people read "too dark to tell" beside a gate's verdict.</summary>
/// <remarks>
/// Only what is sure: of 3,911 ordinary photos (five subjects, their look-alikes, COCO) and 7,000 more of 64 pixels, none is called so. Their darkest has a
/// hundredth of its pixels above 42, their brightest one below 171, and their plainest spans 24 levels. Blur isn't told: a bound that no ordinary photo fell
/// below, close-ups of leaves among them, caught a third of the photos that were blurred by 2 pixels of 128: docs/decisions/0037.
/// </remarks>
internal static class PictureDoubt
{
    private const int Levels = 256;
    private const int Dark = 32; // out of 255
    private const int Bright = 224;
    private const int Plain = 16; // between the darkest and the brightest
    private const int Left = 100; // one pixel in so many may be otherwise, on either side: dust, a glint

    /// <summary>What hinders anyone from telling what the centre square shows.</summary>
    /// <returns>Words for people, such as "too dark to tell"; null of ordinary pictures.</returns>
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
        for (var left = pixels / Left; (left -= counts[darkest]) >= 0;)
        {
            darkest++;
        }

        for (var left = pixels / Left; (left -= counts[brightest]) >= 0;)
        {
            brightest--;
        }

        return brightest <= Dark ? "too dark to tell"
            : darkest >= Bright ? "too bright to tell"
            : brightest - darkest <= Plain ? "nothing to be seen"
            : null;
    }

    /// <summary>Counts how bright pixels are (luma of ITU-R BT.601).</summary>
    private static void Count(ReadOnlySpan<byte> rgb, int[] counts)
    {
        for (var i = 0; i < rgb.Length; i += 3)
        {
            counts[((299 * rgb[i]) + (587 * rgb[i + 1]) + (114 * rgb[i + 2])) / 1000]++;
        }
    }
}
