using NetVips;

namespace Trainer.Core.Imaging.Decoding;

/// <summary>Pixels in memory, reduced as libvips reduces what it reads itself.</summary>
internal static class ReducedImage
{
    /// <param name="pixels">Grey, RGB or RGBA of 8 bits each. Disposed here; their memory must outlive the result.</param>
    /// <param name="shorterSide">The result isn't smaller, unless the pixels are.</param>
    public static Image Of(Image pixels, int shorterSide)
    {
        using var borrowed = pixels;
        using var whole = borrowed.Copy(interpretation: borrowed.Bands == 1 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        var shrink = Math.Min(whole.Width, whole.Height) / shorterSide;
        return shrink >= 2 ? whole.Shrink(shrink, shrink) : whole.Copy();
    }
}
