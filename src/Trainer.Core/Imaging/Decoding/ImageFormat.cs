namespace Trainer.Core.Imaging.Decoding;

/// <summary>What a file is by its content, whatever its name says.</summary>
public enum ImageFormat
{
    /// <summary>Nothing that is read here.</summary>
    Unknown,

    /// <summary>JPEG, also with further pictures behind the first (MPO, Ultra HDR).</summary>
    Jpeg,

    /// <summary>PNG, also animated.</summary>
    Png,

    /// <summary>WebP.</summary>
    WebP,

    /// <summary>GIF.</summary>
    Gif,

    /// <summary>TIFF, either byte order.</summary>
    Tiff,

    /// <summary>HEIC and AVIF.</summary>
    Heif,

    /// <summary>Windows and OS/2 bitmaps.</summary>
    Bmp,

    /// <summary>Truevision TGA.</summary>
    Tga,

    /// <summary>PBM, PGM and PPM of the Netpbm programs, binary and plain.</summary>
    Netpbm,
}
