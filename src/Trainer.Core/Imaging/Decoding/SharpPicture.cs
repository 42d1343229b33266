using NetVips;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Tga;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;
using Trainer.Core.Imaging.Decoding.Formats;
using Sharp = SixLabors.ImageSharp;

namespace Trainer.Core.Imaging.Decoding;

/// <summary>A BMP or TGA, read by ImageSharp after its header was checked. The libvips in use has no reader for these formats.</summary>
internal sealed class SharpPicture : IOpenPicture
{
    /// <summary>
    /// Larger buffers are refused: the largest picture has four channels of one byte. No memory is kept for the next picture.
    /// </summary>
    private const int MostMegabytes = (int)(4 * ImageDecoder.MaxPixels >> 20) + 1;

    private static readonly Sharp.Configuration Configuration = new()
    {
        MaxDegreeOfParallelism = 1,
        PreferContiguousImageBuffers = true,
        MemoryAllocator =
        MemoryAllocator.Create(new MemoryAllocatorOptions { AllocationLimitMegabytes = MostMegabytes, MaximumPoolSizeMegabytes = 0 }),
    };

    private readonly TimedFile file;
    private readonly IImageDecoder decoder;
    private readonly bool hasAlpha;
    private readonly BmpHeader? runs; // the header of a run-length encoded bitmap, which must be unpacked first; otherwise null
    private readonly Stack<IDisposable> opened = new();

    /// <param name="file">Disposed together with this picture, unless the constructor throws.</param>
    /// <exception cref="UndecodableImageException">
    /// The header is damaged, the file is too short, or this kind of file isn't supported.
    /// </exception>
    public SharpPicture(TimedFile file, ImageFormat format)
    {
        this.file = file;
        file.Position = 0;
        if (format == ImageFormat.Bmp)
        {
            var header = BmpHeader.Of(file);
            (Width, Height, hasAlpha) = (header.Width, header.Height, header.HasAlpha);
            runs = header.IsRuns ? header : null;
            decoder = new BmpDecoder();
        }
        else
        {
            (Width, Height, hasAlpha) = TgaHeader.Of(file);
            decoder = new TgaDecoder();
        }
    }

    public int Width { get; }

    public int Height { get; }

    public Image Load(int shorterSide, CancellationToken limit)
    {
        file.Limit = limit;
        try
        {
            var image = ReducedImage.Of(hasAlpha ? Decode<Rgba32>(bands: 4, limit) : Decode<Rgb24>(bands: 3, limit), shorterSide);
            opened.Push(image);
            return image;
        }
        catch (Exception e) when (
            e is not (UndecodableImageException or IOException or OperationCanceledException or VipsException or OutOfMemoryException))
        {
            throw new UndecodableImageException("its pixels are damaged", e); // any other exception of ImageSharp means a bad file
        }
    }

    public void Dispose()
    {
        while (opened.TryPop(out var last))
        {
            last.Dispose();
        }

        file.Dispose();
    }

    /// <summary>The decoded pixels in ImageSharp's memory, without a copy.</summary>
    private unsafe Image Decode<T>(int bands, CancellationToken limit)
        where T : unmanaged, IPixel<T>
    {
        using var unpacked = runs is null ? null : BmpRuns.Unpack(file, runs);
        file.Position = 0;
        var decoded = decoder.Decode<T>(Configuration, unpacked ?? file, limit);
        opened.Push(decoded);
        if (!decoded.DangerousTryGetSinglePixelMemory(out var memory))
        {
            throw new InvalidOperationException("The pixels lie in pieces, although they were asked for in one.");
        }

        var pinned = memory.Pin();
        opened.Push(pinned);
        return Image.NewFromMemory(
            (nint)pinned.Pointer, (ulong)Width * (ulong)Height * (ulong)bands, Width, Height, bands, Enums.BandFormat.Uchar);
    }
}
