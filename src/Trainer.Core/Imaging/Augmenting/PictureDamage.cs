using NetVips;
using Trainer.Core.Imaging.Decoding;

namespace Trainer.Core.Imaging.Augmenting;

/// <summary>The damage that cameras and messengers do to pictures: blur and compression.</summary>
internal static class PictureDamage
{
    /// <summary>Blurs like a lens out of focus, by a Gaussian filter.</summary>
    /// <param name="pixels">E · E · 3 bytes, RGB.</param>
    /// <param name="edge">E.</param>
    /// <param name="sigma">In pixels, above 0.</param>
    public static byte[] Blur(byte[] pixels, int edge, double sigma)
    {
        using var sharp = Open(pixels, edge);
        using var blurred = sharp.Gaussblur(sigma);
        return VipsPixels.Of(blurred);
    }

    /// <summary>Saves the picture as JPEG and reads it back.</summary>
    /// <param name="quality">1 to 100.</param>
    /// <inheritdoc cref="Blur"/>
    public static byte[] Compress(byte[] pixels, int edge, int quality)
    {
        using var whole = Open(pixels, edge);
        using var read = Image.JpegloadBuffer(whole.JpegsaveBuffer(q: quality));
        return VipsPixels.Of(read);
    }

    private static Image Open(byte[] pixels, int edge) => Image.NewFromMemory(pixels, edge, edge, 3, Enums.BandFormat.Uchar);
}
