namespace Trainer.Core.Imaging;

/// <summary>What a file is by its first bytes, whatever its name says.</summary>
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

    /// <summary>Windows bitmap: recognised, not read.</summary>
    Bmp,
}

/// <summary>Tells formats apart by their signatures.</summary>
public static class ImageSignature
{
    /// <summary>Bytes from the start of a file that decide.</summary>
    public const int Length = 16;

    /// <summary>The format, by the signatures that the formats' specifications fix.</summary>
    /// <param name="start">The first <see cref="Length"/> bytes, or all there are.</param>
    public static ImageFormat Of(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xD8, 0xFF, ..] => ImageFormat.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ImageFormat.Png,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageFormat.WebP,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => ImageFormat.Gif,
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => ImageFormat.Tiff,
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => ImageFormat.Heif,
        [(byte)'B', (byte)'M', ..] => ImageFormat.Bmp,
        _ => ImageFormat.Unknown,
    };

    /// <summary>What a file that is no picture looks like, for the message: "a web page", "a PDF"; null when there is nothing to say.</summary>
    /// <param name="start">The first <see cref="Length"/> bytes, or all there are.</param>
    public static string? WhatElse(ReadOnlySpan<byte> start)
    {
        var text = System.Text.Encoding.Latin1.GetString(start).TrimStart();
        return text switch
        {
            _ when text.StartsWith("%PDF", StringComparison.Ordinal) => "a PDF",
            _ when text.StartsWith("<!DOC", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase) => "a web page",
            _ when text.StartsWith("<svg", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) => "an SVG drawing or XML",
            _ when text.StartsWith('{') || text.StartsWith('[') => "JSON",
            _ => null,
        };
    }
}
