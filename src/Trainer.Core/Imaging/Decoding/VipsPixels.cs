using NetVips;

namespace Trainer.Core.Imaging.Decoding;

/// <summary>Computes the pixels of a libvips image on the caller's thread.</summary>
/// <remarks>
/// libvips' own way into memory hands all work to a thread of its pool, even if one thread is all that it may use. The caller sleeps
/// until that thread is done, and where every core has a caller, the cores are idle in between.
/// </remarks>
internal static class VipsPixels
{
    private const int RowsAtOnce = 16; // as libvips itself asks of readers that go through a file once

    /// <summary>The pixels, row by row from the top.</summary>
    /// <param name="image">8 bits a channel.</param>
    /// <exception cref="VipsException">They are damaged, or reading was stopped.</exception>
    public static byte[] Of(Image image)
    {
        using var region = Region.New(image);
        var rowLength = image.Width * image.Bands;
        var pixels = new byte[image.Height * rowLength];
        for (var y = 0; y < image.Height; y += RowsAtOnce)
        {
            region.Fetch(0, y, image.Width, Math.Min(RowsAtOnce, image.Height - y)).CopyTo(pixels, y * rowLength);
        }

        return pixels;
    }
}
