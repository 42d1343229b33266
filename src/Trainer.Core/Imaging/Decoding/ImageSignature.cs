using System.Text;

namespace Trainer.Core.Imaging.Decoding;

/// <summary>Tells formats apart by their signatures.</summary>
internal static class ImageSignature
{
    /// <summary>How many bytes from the start of a file are needed to recognise its format.</summary>
    public const int Length = 18;

    private const int TgaFooter = 26;

    /// <summary>The format, by the signatures in the formats' specifications. TGA has no signature at its start.</summary>
    /// <param name="start">The first <see cref="Length"/> bytes, or the whole file if it is shorter.</param>
    public static ImageFormat Of(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xD8, 0xFF, ..] => ImageFormat.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ImageFormat.Png,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageFormat.WebP,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => ImageFormat.Gif,
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => ImageFormat.Tiff,
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => ImageFormat.Heif,
        [(byte)'B', (byte)'M', ..] => ImageFormat.Bmp,
        [(byte)'P', >= (byte)'1' and <= (byte)'6', (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'#', ..] =>
        ImageFormat.Netpbm,
        _ => ImageFormat.Unknown,
    };

    /// <summary>
    /// The format of a file. A TGA is recognised by the signature at its end, which version 2 has, or by a name that ends with .tga and a
    /// header that no other format has.
    /// </summary>
    /// <param name="start">Its first <see cref="Length"/> bytes, or all there are.</param>
    internal static ImageFormat Of(TimedFile file, ReadOnlySpan<byte> start)
    {
        var format = Of(start);
        var isTga = format == ImageFormat.Unknown
            && (EndsAsTga(file) || (file.Name.EndsWith(".tga", StringComparison.OrdinalIgnoreCase) && BeginsAsTga(start)));
        return isTga ? ImageFormat.Tga : format;
    }

    /// <summary>
    /// What a file that isn't a picture seems to be, for a message: "a web page", "a PDF"; null when it isn't recognised.
    /// </summary>
    /// <param name="start">The first <see cref="Length"/> bytes, or all there are.</param>
    public static string? WhatElse(ReadOnlySpan<byte> start)
    {
        var text = Encoding.Latin1.GetString(start).TrimStart();
        return text switch
        {
            _ when text.StartsWith("%PDF", StringComparison.Ordinal) => "a PDF",
            _ when text.StartsWith("<!DOC", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase) => "a web page",
            _ when text.StartsWith("<svg", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) => "an SVG drawing or XML",
            _ when text.StartsWith('{') || text.StartsWith('[') => "JSON",
            _ => null,
        };
    }

    private static bool EndsAsTga(TimedFile file)
    {
        if (file.Length < TgaFooter)
        {
            return false;
        }

        Span<byte> footer = stackalloc byte[TgaFooter];
        file.Seek(-TgaFooter, SeekOrigin.End);
        file.ReadExactly(footer);
        return footer[8..].SequenceEqual("TRUEVISION-XFILE.\0"u8);
    }

    /// <summary>True if colour map, kind, size, bits per pixel and descriptor are valid by Truevision's specification.</summary>
    private static bool BeginsAsTga(ReadOnlySpan<byte> start) =>
        start is [_, 0 or 1, (>= 1 and <= 3) or (>= 9 and <= 11) or 32 or 33, ..] and { Length: Length }
        && start[12] + start[13] > 0 && start[14] + start[15] > 0
        && start[16] is 8 or 15 or 16 or 24 or 32
        && start[17] < 64;
}
