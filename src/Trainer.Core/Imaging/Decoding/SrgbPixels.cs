using NetVips;

namespace Trainer.Core.Imaging.Decoding;

/// <summary>Converts every decoded picture to upright 8-bit sRGB without transparency.</summary>
internal static class SrgbPixels
{
    private const string ProfileField = "icc-profile-data";

    /// <summary>Reads the pixels, rotated as EXIF says, with the colour profile applied and transparency blended with white.</summary>
    /// <exception cref="VipsException">The pixels are damaged, or reading was stopped.</exception>
    public static RgbImage Of(Image source)
    {
        using var image = Oriented(source);
        return new RgbImage(image.Width, image.Height, image.WriteToMemory<byte>());
    }

    private static Image Oriented(Image source)
    {
        var image = source.CopyMemory(); // the only pass over the file; rotating needs random access
        if (image.Contains(ProfileField) || image.Interpretation == Enums.Interpretation.Cmyk)
        {
            image = Replace(image, WithProfileApplied(image));
        }

        image = Replace(image, image.Colourspace(Enums.Interpretation.Srgb));
        if (image.HasAlpha())
        {
            image = Replace(image, image.Flatten(background: [255, 255, 255]));
        }

        return Replace(image, image.Cast(Enums.BandFormat.Uchar).Autorot());
    }

    private static Image WithProfileApplied(Image image)
    {
        try
        {
            return image.IccTransform("srgb", embedded: true, intent: Enums.Intent.Perceptual).CopyMemory();
        }
        catch (VipsException)
        {
            return image.Copy(); // with a broken or unsuitable profile, every viewer shows the unconverted pixels
        }
    }

    private static Image Replace(Image old, Image replacement)
    {
        old.Dispose();
        return replacement;
    }
}
