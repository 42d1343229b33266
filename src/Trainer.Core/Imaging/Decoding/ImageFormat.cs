namespace Trainer.Core.Imaging.Decoding;

/// <summary>The format of a picture file, recognised by its content and not by its name.</summary>
public enum ImageFormat
{
    /// <summary>Not a supported format.</summary>
    Unknown,

    /// <summary>JPEG, including files with more pictures after the first (MPO, Ultra HDR).</summary>
    Jpeg,

    /// <summary>PNG, including animated PNG.</summary>
    Png,

    /// <summary>WebP.</summary>
    WebP,

    /// <summary>GIF.</summary>
    Gif,

    /// <summary>TIFF in either byte order.</summary>
    Tiff,

    /// <summary>HEIC and AVIF.</summary>
    Heif,

    /// <summary>Windows and OS/2 bitmaps.</summary>
    Bmp,

    /// <summary>Truevision TGA.</summary>
    Tga,

    /// <summary>PBM, PGM and PPM of the Netpbm programs, binary or plain text.</summary>
    Netpbm,
}
