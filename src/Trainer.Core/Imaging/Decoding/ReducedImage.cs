using NetVips;

namespace Trainer.Core.Imaging.Decoding;

/// <summary>Reduces pixels in memory in the same way as libvips reduces the files that it reads itself.</summary>
internal static class ReducedImage
{
    /// <summary>The reduced picture.</summary>
    /// <param name="pixels">Grey, RGB or RGBA with 8 bits per channel. Disposed here, but its memory must outlive the result.</param>
    /// <param name="shorterSide">The result's shorter side isn't smaller than this, unless that of the pixels is.</param>
    public static Image Of(Image pixels, int shorterSide)
    {
        using var borrowed = pixels;
        using var whole = borrowed.Copy(interpretation: borrowed.Bands == 1 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        var shrink = Math.Min(whole.Width, whole.Height) / shorterSide;
        return shrink >= 2 ? whole.Shrink(shrink, shrink) : whole.Copy();
    }
}
