using NetVips;

namespace Trainer.Core.Imaging.Decoding;

/// <summary>A picture that libvips reads. JPEGs are decoded at a half, a quarter or an eighth of their size if that is enough.</summary>
internal sealed class VipsPicture : IOpenPicture
{
    private readonly string path;
    private readonly ImageFormat format;
    private Image image;

    /// <param name="format">Of the file's content.</param>
    /// <exception cref="VipsException">The header is damaged.</exception>
    public VipsPicture(string path, ImageFormat format)
    {
        (this.path, this.format) = (path, format);
        image = Open(shrink: 1);
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
            image = format == ImageFormat.Jpeg ? Open(shrink >= 8 ? 8 : shrink >= 4 ? 4 : 2) : whole.Shrink(shrink, shrink);
        }

        return image;
    }

    public void Dispose() => image.Dispose();

    /// <summary>One reader a format, so that no other of libvips' readers is ever tried.</summary>
    private Image Open(int shrink)
    {
        const Enums.Access Once = Enums.Access.Sequential;
        const Enums.FailOn Strict = Enums.FailOn.Truncated;
        return format switch
        {
            ImageFormat.Jpeg => Image.Jpegload(path, shrink: shrink, access: Once, failOn: Strict),
            ImageFormat.Png => Image.Pngload(path, access: Once, failOn: Strict),
            ImageFormat.WebP => Image.Webpload(path, access: Once, failOn: Strict),
            ImageFormat.Gif => Image.Gifload(path, access: Once, failOn: Strict),
            ImageFormat.Tiff => Image.Tiffload(path, access: Once, failOn: Strict),
            ImageFormat.Heif => Image.Heifload(path, access: Once, failOn: Strict),
            _ => throw new InvalidOperationException($"libvips isn't asked for {format}."),
        };
    }
}
