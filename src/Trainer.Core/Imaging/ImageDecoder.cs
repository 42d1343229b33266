using NetVips;

namespace Trainer.Core.Imaging;

/// <summary>Reads picture files into memory: oriented, 8-bit sRGB, reduced while decoding where the file is much larger than needed.</summary>
/// <remarks>
/// Files are not trusted: only formats on a fixed list, told by content, reach libvips, whose own doubtful readers are blocked;
/// size is checked from the header before any pixel is read. Thread-safe; libvips is held to one thread a picture, because
/// callers run over many pictures at once.
/// </remarks>
public static class ImageDecoder
{
    /// <summary>Larger files are refused.</summary>
    public const long MaxFileBytes = 256L << 20;

    /// <summary>Larger pictures are refused: phones reach 108 million pixels, bombs lie above.</summary>
    public const long MaxPixels = 128_000_000;

    /// <summary>Pictures are reduced towards this shorter side while decoding, never below: twice the network's input.</summary>
    public const int ShorterSide = 2 * Preprocessing.ImageSize;

    /// <summary>Pictures that take longer are given up.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Larger pictures are decoded one at a time, since some formats need all their pixels in memory at once.</summary>
    private const long LargePixels = 24_000_000;

    private static readonly SemaphoreSlim Large = new(1);

    /// <summary>
    /// The same for training, where every picture is cropped and stretched at random anyway: with 192, JPEGs of 640x480 are read at half their size,
    /// in well under half of the time. What a gate is calibrated and judged by is read at <see cref="ShorterSide"/>.
    /// </summary>
    public const int TrainingShorterSide = Preprocessing.ImageSize * 3 / 2;

    /// <summary>Rises with every change of the pixels that a file becomes; caches of another version are not read.</summary>
    public const int Version = 1;

    static ImageDecoder()
    {
        NetVips.NetVips.BlockUntrusted = true;
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.All, (_, _, _) => { }); // reasons come as exceptions; stderr is the user's
    }

    /// <summary>Decodes a file.</summary>
    /// <returns>A shorter side of at least <see cref="ShorterSide"/>, or the file's own where that is smaller.</returns>
    /// <exception cref="UndecodableImageException">The file is no picture, is broken, too large, or can't be read.</exception>
    /// <exception cref="TrainerException">The system has no file handle left.</exception>
    public static RgbImage Decode(string path) => DecodeTowards(ShorterSide, path);

    /// <summary>Decodes a file, reduced towards another size.</summary>
    /// <param name="shorterSide">At least 1.</param>
    /// <returns>A shorter side of at least that, or the file's own where that is smaller.</returns>
    /// <inheritdoc cref="Decode(string)" path="/exception"/>
    public static RgbImage DecodeTowards(int shorterSide, string path) => Decode(path, shorterSide, Longest).Image;

    /// <summary>Decodes a file, and tells what it is: its format, and its size before it was reduced.</summary>
    /// <inheritdoc cref="Decode(string)"/>
    public static (RgbImage Image, ImageHeader Header) DecodeWithHeader(string path) => Decode(path, ShorterSide, Longest);

    /// <inheritdoc cref="Decode(string)"/>
    internal static (RgbImage Image, ImageHeader Header) Decode(string path, int shorterSide, TimeSpan longest)
    {
        try
        {
            return Shared(path, shorterSide, longest) ?? Alone(path, shorterSide, longest);
        }
        catch (Exception e) when (FileHandles.RanOut(e))
        {
            throw FileHandles.Error(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UndecodableImageException(e is FileNotFoundException or DirectoryNotFoundException ? "the file is gone" : e.Message, e);
        }
    }

    /// <summary>Shared by those who decode at the same time; taken alone by the one who must know why a file failed.</summary>
    private static readonly ReaderWriterLockSlim Vips = new();

    private static (RgbImage, ImageHeader)? Shared(string path, int shorterSide, TimeSpan longest)
    {
        Vips.EnterReadLock();
        try
        {
            return Read(path, shorterSide, longest);
        }
        catch (VipsException)
        {
            return null;
        }
        finally
        {
            Vips.ExitReadLock();
        }
    }

    /// <summary>
    /// libvips collects what went wrong in one buffer for all threads, warnings about files that it read in the end among it.
    /// Only a second try, from an empty buffer and with nobody else at work, tells this file's own reason.
    /// </summary>
    private static (RgbImage, ImageHeader) Alone(string path, int shorterSide, TimeSpan longest)
    {
        Vips.EnterWriteLock();
        try
        {
            _ = new VipsException(""); // takes what stands in the buffer, and so empties it
            return Read(path, shorterSide, longest);
        }
        catch (VipsException e)
        {
            throw new UndecodableImageException(Reason(e, path), e);
        }
        finally
        {
            Vips.ExitWriteLock();
        }
    }

    private static (RgbImage, ImageHeader) Read(string path, int shorterSide, TimeSpan longest)
    {
        var format = CheckedFormat(path);
        var (opened, width, height) = Open(path, format, shorterSide);
        using var source = opened;
        var isLarge = (long)source.Width * source.Height > LargePixels;
        if (isLarge)
        {
            Large.Wait();
        }

        using var limit = new CancellationTokenSource(longest);
        try
        {
            using var _ = limit.Token.Register(() => source.SetKill(true));
            using var oriented = ToOrientedSrgb(source);
            var turned = source.Width > source.Height != oriented.Width > oriented.Height;
            var header = turned ? new ImageHeader(format, height, width) : new ImageHeader(format, width, height);
            return (new RgbImage(oriented.Width, oriented.Height, oriented.WriteToMemory<byte>()), header);
        }
        catch (VipsException e) when (limit.IsCancellationRequested)
        {
            throw new UndecodableImageException($"takes more than {longest.TotalSeconds:0} s to decode", e);
        }
        finally
        {
            if (isLarge)
            {
                Large.Release();
            }
        }
    }

    private static ImageFormat CheckedFormat(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length is 0 or > MaxFileBytes)
        {
            throw new UndecodableImageException(file.Length == 0 ? "the file is empty" : $"larger than {MaxFileBytes >> 20} MB");
        }

        Span<byte> buffer = stackalloc byte[ImageSignature.Length];
        var start = buffer[..file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
        return ImageSignature.Of(start) switch
        {
            ImageFormat.Bmp => throw new UndecodableImageException("BMP isn't read; save it as JPEG or PNG"),
            ImageFormat.Unknown => throw new UndecodableImageException($"not a picture{(ImageSignature.WhatElse(start) is { } what ? $" but {what}" : "")}"),
            var format => format,
        };
    }

    /// <summary>The picture, reduced, and its own width and height.</summary>
    private static (Image Reduced, int Width, int Height) Open(string path, ImageFormat format, int shorterSide)
    {
        var image = Load(path, format, shrink: 1);
        var (width, height) = (image.Width, image.Height);
        try
        {
            if ((long)width * height > MaxPixels)
            {
                throw new UndecodableImageException($"{width}x{height} is more than {MaxPixels / 1_000_000} million pixels");
            }

            var shrink = Math.Min(width, height) / shorterSide;
            if (format == ImageFormat.Jpeg && shrink >= 2)
            {
                return (Replace(image, Load(path, format, shrink >= 8 ? 8 : shrink >= 4 ? 4 : 2)), width, height);
            }

            return (shrink >= 2 ? Replace(image, image.Shrink(shrink, shrink)) : image, width, height);
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>One reader a format, so that no other of libvips' readers is ever tried.</summary>
    private static Image Load(string path, ImageFormat format, int shrink)
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
            _ => throw new UndecodableImageException("not a picture"),
        };
    }

    private static Image ToOrientedSrgb(Image source)
    {
        var image = source.CopyMemory(); // the one pass over the file; turning needs random access
        if (image.Contains(ProfileField) || image.Interpretation == Enums.Interpretation.Cmyk)
        {
            image = Replace(image, WithProfileApplied(image));
        }

        image = Replace(image, image.Colourspace(Enums.Interpretation.Srgb));
        if (image.HasAlpha())
        {
            image = Replace(image, image.Flatten(background: [255, 255, 255]));
        }

        return Replace(image, image.Cast(Enums.BandFormat.Uchar).Autorot());
    }

    private const string ProfileField = "icc-profile-data";

    private static Image WithProfileApplied(Image image)
    {
        try
        {
            return image.IccTransform("srgb", embedded: true, intent: Enums.Intent.Perceptual).CopyMemory();
        }
        catch (VipsException)
        {
            return image.Copy(); // a broken or foreign profile: the pixels as they stand are what every viewer shows
        }
    }

    private static Image Replace(Image old, Image replacement)
    {
        old.Dispose();
        return replacement;
    }

    private static string Reason(VipsException e, string path)
    {
        var lines = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = lines.FirstOrDefault(line => !line.StartsWith("unable to", StringComparison.Ordinal)) ?? "damaged";
        return line.Replace($"{path}: ", "", StringComparison.Ordinal);
    }
}
