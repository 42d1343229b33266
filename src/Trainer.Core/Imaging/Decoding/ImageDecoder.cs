using NetVips;
using Trainer.Core.Imaging.Decoding.Formats;
using Trainer.Core.Platform;

namespace Trainer.Core.Imaging.Decoding;

/// <summary>
/// Reads picture files into memory: oriented, 8-bit sRGB, and reduced while decoding if the file is much larger than needed.
/// </summary>
/// <remarks>
/// Files are not trusted. Only formats on a fixed list, recognised by content, are decoded, each by its own reader, and the size in the
/// header is checked before memory is allocated for pixels. libvips reads most formats, ImageSharp reads BMP and TGA. Thread-safe.
/// </remarks>
public static class ImageDecoder
{
    /// <summary>Larger files are refused.</summary>
    public const long MaxFileBytes = 256L << 20;

    /// <summary>Larger pictures are refused. Phones take up to 108 million pixels; decompression bombs have more.</summary>
    public const long MaxPixels = 128_000_000;

    /// <summary>Pictures with a longer side are refused: JPEG has none, and such a long picture would hardly be reduced.</summary>
    public const int MaxSide = 65_535;

    /// <summary>The shorter side towards which pictures are reduced, never below it, if no network sees them.</summary>
    /// <remarks>For pictures that a network sees, it is <see cref="Preprocessing.ShorterSide"/>.</remarks>
    public const int ShorterSide = 256;

    /// <summary>Increases with every change that gives a file other pixels; caches of another version are not used.</summary>
    public const int Version = 1;

    /// <summary>Pictures that take longer to decode are refused.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Larger pictures are decoded one at a time, because many formats need all their pixels in memory at once.</summary>
    private const long LargePixels = 32_000_000;

    private static readonly SemaphoreSlim Large = new(1);

    /// <summary>Decodes a file.</summary>
    /// <returns>
    /// A picture with a shorter side of at least <see cref="ShorterSide"/>, or of the file's own size if that is smaller.
    /// </returns>
    /// <exception cref="UndecodableImageException">The file isn't a picture, is broken or too large, or can't be read.</exception>
    /// <exception cref="TrainerException">The system has no file handle left.</exception>
    public static RgbImage Decode(string path) => DecodeTowards(ShorterSide, path);

    /// <summary>Decodes a file, reduced towards another size.</summary>
    /// <param name="shorterSide">At least 1.</param>
    /// <returns>A picture with a shorter side of at least that, or of the file's own size if that is smaller.</returns>
    /// <inheritdoc cref="Decode(string)" path="/exception"/>
    public static RgbImage DecodeTowards(int shorterSide, string path) => Decode(path, shorterSide, Longest).Image;

    /// <summary>Decodes the bytes of a file, with the same limits and the same result as for a file.</summary>
    /// <param name="bytes">The whole file; not kept.</param>
    /// <param name="name">The file's name, by which some TGAs are recognised.</param>
    /// <inheritdoc cref="DecodeTowards"/>
    public static RgbImage DecodeBytes(int shorterSide, byte[] bytes, string name) =>
        Decode(new EncodedPicture(name, bytes), shorterSide, Longest).Image;

    /// <summary>Decodes a file, and also returns its format and its size before it was reduced.</summary>
    /// <inheritdoc cref="Decode(string)"/>
    public static (RgbImage Image, ImageHeader Header) DecodeWithHeader(string path) => Decode(path, ShorterSide, Longest);

    /// <inheritdoc cref="Decode(string)"/>
    internal static (RgbImage Image, ImageHeader Header) Decode(string path, int shorterSide, TimeSpan longest) =>
        Decode(new EncodedPicture(path), shorterSide, longest);

    private static (RgbImage Image, ImageHeader Header) Decode(EncodedPicture encoded, int shorterSide, TimeSpan longest)
    {
        try
        {
            return VipsLibrary.Read(encoded.Name, () => Read(encoded, shorterSide, longest));
        }
        catch (Exception e) when (FileHandles.RanOut(e))
        {
            throw FileHandles.Error(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UndecodableImageException(
                e is FileNotFoundException or DirectoryNotFoundException ? "the file is gone" : e.Message, e);
        }
        catch (OutOfMemoryException e)
        {
            throw new UndecodableImageException("needs more memory than there is", e);
        }
    }

    private static (RgbImage, ImageHeader) Read(EncodedPicture encoded, int shorterSide, TimeSpan longest)
    {
        var (format, opened) = Open(encoded);
        using var picture = opened;
        var pixels = (long)picture.Width * picture.Height;
        if (pixels > MaxPixels)
        {
            throw new UndecodableImageException($"{picture.Width}x{picture.Height} is more than {MaxPixels / 1_000_000} million pixels");
        }

        if (Math.Max(picture.Width, picture.Height) > MaxSide)
        {
            throw new UndecodableImageException($"{picture.Width}x{picture.Height}: a side is longer than {MaxSide} pixels");
        }

        if (pixels <= LargePixels)
        {
            return Read(picture, format, shorterSide, longest);
        }

        Large.Wait();
        try
        {
            return Read(picture, format, shorterSide, longest);
        }
        finally
        {
            Large.Release();
        }
    }

    private static (RgbImage, ImageHeader) Read(IOpenPicture picture, ImageFormat format, int shorterSide, TimeSpan longest)
    {
        using var limit = new CancellationTokenSource(longest);
        try
        {
            var source = picture.Load(shorterSide, limit.Token);
            using var _ = limit.Token.Register(() => source.SetKill(true));
            var image = SrgbPixels.Of(source);
            var isTurned = source.Width > source.Height != image.Width > image.Height;
            return (image, isTurned ? new ImageHeader(format, picture.Height, picture.Width)
                : new ImageHeader(format, picture.Width, picture.Height));
        }
        catch (Exception e) when (limit.IsCancellationRequested && e is VipsException or OperationCanceledException)
        {
            throw new UndecodableImageException($"takes more than {longest.TotalSeconds:0} s to decode", e);
        }
    }

    private static (ImageFormat Format, IOpenPicture Picture) Open(EncodedPicture encoded)
    {
        var file = encoded.Open();
        try
        {
            var format = FormatOf(file);
            switch (format)
            {
                case ImageFormat.Bmp or ImageFormat.Tga:
                    return (format, new SharpPicture(file, format));
                case ImageFormat.Netpbm:
                    return (format, new NetpbmPicture(file));
                default:
                    file.Dispose(); // libvips opens it by itself
                    return (format, new VipsPicture(encoded, format));
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static ImageFormat FormatOf(TimedFile file)
    {
        if (file.Length is 0 or > MaxFileBytes)
        {
            throw new UndecodableImageException(file.Length == 0 ? "the file is empty" : $"larger than {MaxFileBytes >> 20} MB");
        }

        Span<byte> buffer = stackalloc byte[ImageSignature.Length];
        var start = buffer[..file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
        var format = ImageSignature.Of(file, start);
        return format != ImageFormat.Unknown ? format
            : throw new UndecodableImageException($"not a picture{(ImageSignature.WhatElse(start) is { } what ? $" but {what}" : "")}");
    }
}
