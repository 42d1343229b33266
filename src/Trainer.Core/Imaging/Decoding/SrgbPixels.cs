using NetVips;

namespace Trainer.Core.Imaging.Decoding;

/// <summary>Converts every decoded picture to upright 8-bit sRGB without transparency.</summary>
internal static class SrgbPixels
{
    private const string ProfileField = "icc-profile-data";
    private const string OrientationField = "orientation";
    private const int Upright = 1;

    /// <summary>Reads the pixels, rotated as EXIF says, with the colour profile applied and transparency blended with white.</summary>
    /// <exception cref="VipsException">The pixels are damaged, or reading was stopped.</exception>
    public static RgbImage Of(Image source)
    {
        using var image = Converted(source);
        var stored = new RgbImage(image.Width, image.Height, VipsPixels.Of(image)); // the only pass over the file
        var orientation = image.Contains(OrientationField) ? (int)image.Get(OrientationField) : Upright;
        return orientation == Upright ? stored : Turned(stored, orientation);
    }

    private static Image Converted(Image source)
    {
        var image = source.Copy();
        if (image.Contains(ProfileField) || image.Interpretation == Enums.Interpretation.Cmyk)
        {
            image = Replace(image, WithProfileApplied(image));
        }

        image = Replace(image, image.Colourspace(Enums.Interpretation.Srgb));
        if (image.HasAlpha())
        {
            image = Replace(image, image.Flatten(background: [255, 255, 255]));
        }

        return Replace(image, image.Cast(Enums.BandFormat.Uchar));
    }

    private static Image WithProfileApplied(Image image)
    {
        try
        {
            return image.IccTransform("srgb", embedded: true, intent: Enums.Intent.Perceptual);
        }
        catch (VipsException)
        {
            return image.Copy(); // with a broken or unsuitable profile, every viewer shows the unconverted pixels
        }
    }

    /// <summary>Turning needs all pixels, in any order, and a file's are there once, from the top.</summary>
    private static RgbImage Turned(RgbImage stored, int orientation)
    {
        using var lying = Image.NewFromMemory(stored.Pixels, stored.Width, stored.Height, 3, Enums.BandFormat.Uchar);
        using var tagged = lying.Mutate(mutable => mutable.Set(GValue.GIntType, OrientationField, orientation));
        using var upright = tagged.Autorot();
        return new RgbImage(upright.Width, upright.Height, VipsPixels.Of(upright));
    }

    private static Image Replace(Image old, Image replacement)
    {
        old.Dispose();
        return replacement;
    }
}
