using NetVips;

namespace Trainer.Core.Imaging.Decoding;

/// <summary>A picture as it is stored: a file, or the bytes of one in memory.</summary>
/// <param name="Name">The file's path. For bytes, the name that they were stored under, by which some TGAs are recognised.</param>
/// <param name="Bytes">The bytes; null for a file.</param>
internal sealed record EncodedPicture(string Name, byte[]? Bytes = null)
{
    /// <summary>Opens the whole picture for reading from its start.</summary>
    public TimedFile Open() =>
        new(Name, Bytes is null ? new FileStream(Name, FileMode.Open, FileAccess.Read, FileShare.Read)
        : new MemoryStream(Bytes, writable: false));

    /// <summary>Reads the header by libvips. Each format has one reader, so no other reader of libvips is ever tried.</summary>
    /// <param name="shrink">1, 2, 4 or 8: the factor by which a JPEG is reduced while it is decoded.</param>
    /// <exception cref="VipsException">The header is damaged.</exception>
    public Image OpenByVips(ImageFormat format, int shrink)
    {
        const Enums.Access Once = Enums.Access.Sequential;
        const Enums.FailOn Strict = Enums.FailOn.Truncated;
        return (format, Bytes) switch
        {
            (ImageFormat.Jpeg, null) => Image.Jpegload(Name, shrink: shrink, access: Once, failOn: Strict),
            (ImageFormat.Jpeg, _) => Image.JpegloadBuffer(Bytes, shrink: shrink, access: Once, failOn: Strict),
            (ImageFormat.Png, null) => Image.Pngload(Name, access: Once, failOn: Strict),
            (ImageFormat.Png, _) => Image.PngloadBuffer(Bytes, access: Once, failOn: Strict),
            (ImageFormat.WebP, null) => Image.Webpload(Name, access: Once, failOn: Strict),
            (ImageFormat.WebP, _) => Image.WebploadBuffer(Bytes, access: Once, failOn: Strict),
            (ImageFormat.Gif, null) => Image.Gifload(Name, access: Once, failOn: Strict),
            (ImageFormat.Gif, _) => Image.GifloadBuffer(Bytes, access: Once, failOn: Strict),
            (ImageFormat.Tiff, null) => Image.Tiffload(Name, access: Once, failOn: Strict),
            (ImageFormat.Tiff, _) => Image.TiffloadBuffer(Bytes, access: Once, failOn: Strict),
            (ImageFormat.Heif, null) => Image.Heifload(Name, access: Once, failOn: Strict),
            (ImageFormat.Heif, _) => Image.HeifloadBuffer(Bytes, access: Once, failOn: Strict),
            _ => throw new InvalidOperationException($"libvips isn't asked for {format}."),
        };
    }
}
