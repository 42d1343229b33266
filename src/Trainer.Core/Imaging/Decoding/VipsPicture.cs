using NetVips;

namespace Trainer.Core.Imaging.Decoding;

/// <summary>A picture that libvips reads. JPEGs are decoded at a half, a quarter or an eighth of their size if that is enough.</summary>
internal sealed class VipsPicture : IOpenPicture
{
    private readonly EncodedPicture encoded;
    private readonly ImageFormat format;
    private Image image;

    /// <param name="format">The format of the file's content.</param>
    /// <exception cref="VipsException">The header is damaged.</exception>
    public VipsPicture(EncodedPicture encoded, ImageFormat format)
    {
        (this.encoded, this.format) = (encoded, format);
        image = encoded.OpenByVips(format, shrink: 1);
        (Width, Height) = (image.Width, image.Height);
    }

    public int Width { get; }

    public int Height { get; }

    public Image Load(int shorterSide, CancellationToken limit)
    {
        var shrink = Math.Min(Width, Height) / shorterSide;
        if (shrink >= 2)
        {
            using var whole = image;
            image = format == ImageFormat.Jpeg ? encoded.OpenByVips(format, shrink >= 8 ? 8 : shrink >= 4 ? 4 : 2)
                : whole.Shrink(shrink, shrink);
        }

        return image;
    }

    public void Dispose() => image.Dispose();
}
