namespace Trainer.Gates;

/// <summary>A decoded picture, upright and in sRGB, of any size.</summary>
public sealed class Pixels
{
    private const int Channels = 3;
    private const int Opaque = 255;

    /// <summary>Uses RGB pixels directly; the array isn't copied.</summary>
    /// <param name="rgb">Red, green and blue of each pixel, row by row from the top left; width · height · 3 bytes.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <exception cref="ArgumentException">The array's length doesn't fit width and height.</exception>
    public Pixels(byte[] rgb, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(rgb);
        Require(rgb.Length, width, height, Channels);
        (Rgb, Width, Height) = (rgb, width, height);
    }

    /// <summary>Red, green and blue of each pixel, row by row.</summary>
    public byte[] Rgb { get; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Copies a picture with four bytes per pixel: red, green, blue, and alpha (not premultiplied).</summary>
    /// <remarks>Transparent pixels are blended with white, as in training.</remarks>
    /// <param name="rgba">width · height · 4 bytes, without gaps between rows.</param>
    /// <inheritdoc cref="Pixels(byte[], int, int)"/>
    public static Pixels FromRgba(ReadOnlySpan<byte> rgba, int width, int height) => OverWhite(rgba, width, height, red: 0, blue: 2);

    /// <summary>Copies a picture with four bytes per pixel: blue, green, red, and alpha (not premultiplied).</summary>
    /// <remarks>Windows, Apple and SkiaSharp mostly use this order. Transparent pixels are blended with white, as in training.</remarks>
    /// <inheritdoc cref="FromRgba"/>
    public static Pixels FromBgra(ReadOnlySpan<byte> bgra, int width, int height) => OverWhite(bgra, width, height, red: 2, blue: 0);

    private static Pixels OverWhite(ReadOnlySpan<byte> pixels, int width, int height, int red, int blue)
    {
        const int Size = 4;
        Require(pixels.Length, width, height, Size);
        var rgb = new byte[pixels.Length / Size * Channels];
        for (int from = 0, to = 0; from < pixels.Length; from += Size, to += Channels)
        {
            var alpha = pixels[from + 3];
            rgb[to] = OverWhite(pixels[from + red], alpha);
            rgb[to + 1] = OverWhite(pixels[from + 1], alpha);
            rgb[to + 2] = OverWhite(pixels[from + blue], alpha);
        }

        return new Pixels(rgb, width, height);
    }

    private static byte OverWhite(byte colour, byte alpha) => (byte)(Opaque - ((((Opaque - colour) * alpha) + (Opaque / 2)) / Opaque));

    private static void Require(int length, int width, int height, int size)
    {
        if (width < 1 || height < 1 || length % size != 0 || length / size != (long)width * height)
        {
            throw new ArgumentException($"{length} bytes are no picture of {width}x{height} pixels, at {size} bytes a pixel.");
        }
    }
}
