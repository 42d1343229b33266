using System.Buffers.Binary;
using System.Numerics;

namespace Trainer.Core.Imaging.Decoding.Formats;

/// <summary>The checked header of a Windows or OS/2 bitmap: complete, of a supported kind, and followed by enough bytes.</summary>
/// <param name="Bits">Bits per pixel, as stored.</param>
/// <param name="Colours">Colours in the palette; 0 means the largest number for these bits, or no palette.</param>
/// <param name="Length">Bytes from the start of the file to the end of the header.</param>
/// <param name="First">Offset of the pixels in the file.</param>
/// <param name="HasAlpha">True when the fourth channel is transparency; otherwise it means nothing, or there is none.</param>
/// <remarks>
/// ImageSharp 2.1 reads channels of other widths as if they had 5, 6 or 8 bits, guesses the size of a palette's entries from the offset of
/// the pixels, reads past the end of a file without an error, and allocates what a header claims. So all of this is checked here before it
/// starts. Fields: <see href="https://learn.microsoft.com/windows/win32/gdi/bitmap-header-types"/>.
/// </remarks>
internal sealed record BmpHeader(int Width, int Height, int Bits, BmpPacking Packing, int Colours, int Length, int First, bool HasAlpha)
{
    /// <summary>Offsets of these fields in a file with a header of 40 bytes or more.</summary>
    public const int FirstAt = 10, BitsAt = 28, PackingAt = 30, ColoursAt = 46;

    private const int FileHeader = 14, MasksAt = 54;
    private const int Core = 12, Info = 40, WithMasks = 52, Os2 = 64; // sizes of headers
    private const int MostColours = 1 << 16;
    private const int LongestRun = 255; // pixels, in two bytes

    /// <summary>True when the pixels are run-length encoded.</summary>
    public bool IsRuns => Packing is BmpPacking.Rle8 or BmpPacking.Rle4;

    /// <summary>Reads and checks a header.</summary>
    /// <param name="file">The file, at its start; must support seeking.</param>
    /// <exception cref="UndecodableImageException">
    /// The header is damaged, the file is too short, or this kind of bitmap isn't supported.
    /// </exception>
    public static BmpHeader Of(Stream file)
    {
        var bytes = new byte[MasksAt + 16];
        file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var (first, size) = (Int32(bytes, FirstAt), Int32(bytes, FileHeader));
        if (size is not (Core or 16 or Info or WithMasks or 56 or Os2 or 108 or 124))
        {
            throw new UndecodableImageException("begins like a BMP, but its header isn't one");
        }

        var (width, height, bits) = size == Core
            ? (UInt16(bytes, 18), UInt16(bytes, 20), UInt16(bytes, 24))
            : (Int32(bytes, 18), Math.Abs((long)Int32(bytes, 22)), UInt16(bytes, BitsAt)); // negative where rows are stored from the top
        var (packing, colours) = size >= Info ? ((BmpPacking)Int32(bytes, PackingAt), Int32(bytes, ColoursAt)) : default;
        RequireKnownKind(packing, bits, size);
        RequireKnownPalette(bits, colours, room: first - FileHeader - size - BytesOfMasks(packing, size), size);
        if (width < 1 || height is < 1 or > int.MaxValue)
        {
            throw new UndecodableImageException($"damaged: {width}x{height} pixels");
        }

        var hasAlpha = packing is BmpPacking.Masks or BmpPacking.MasksWithAlpha && RequireKnownMasks(bytes, bits, packing, size);
        var header = new BmpHeader(width, (int)height, bits, packing, colours, FileHeader + size, first, hasAlpha);
        return file.Length - first >= header.LeastBytes() ? header : throw new UndecodableImageException("cut short");
    }

    private static void RequireKnownKind(BmpPacking packing, int bits, int size)
    {
        var isKnown = (packing, bits) switch
        {
            (BmpPacking.None, 1 or 2 or 4 or 8 or 16 or 24 or 32) or (BmpPacking.Rle8, 8) or (BmpPacking.Rle4, 4) => true,
            (BmpPacking.Masks, 16 or 32) => size != Os2, // in an OS/2 header this number means fax compression
            (BmpPacking.MasksWithAlpha, 32) => size == Info,
            _ => false,
        };
        if (!isKnown)
        {
            throw new UndecodableImageException(
                $"a BMP of a rare kind ({bits} bits a pixel, compression {(int)packing}); save it as PNG or JPEG");
        }
    }

    /// <summary>The palette is between header and pixels; a colour has three bytes in the oldest bitmaps and four in others.</summary>
    private static void RequireKnownPalette(int bits, int colours, long room, int size)
    {
        var guessed = Math.Max(room >> Math.Min(bits, 8), 3); // bytes per colour, as ImageSharp guesses if the header has no colour count
        var fits = bits > 8 || colours != 0
            ? colours is >= 0 and <= MostColours && room >= 4L * colours
            : bits != 2 && room > 0 && guessed == (size == Core ? 3 : 4);
        if (!fits)
        {
            throw new UndecodableImageException("damaged: its palette and its pixels overlap or leave a gap");
        }
    }

    /// <summary>The size of the channel masks after the header, in bytes.</summary>
    private static int BytesOfMasks(BmpPacking packing, int size) => (packing, size) switch
    {
        (BmpPacking.Masks, Info) => 12,
        (BmpPacking.MasksWithAlpha, Info) => 16,
        _ => 0,
    };

    /// <returns>True when there is a mask for transparency.</returns>
    private static bool RequireKnownMasks(ReadOnlySpan<byte> bytes, int bits, BmpPacking packing, int size)
    {
        var hasThree = size == WithMasks || (size == Info && packing == BmpPacking.Masks);
        uint[] masks = [(uint)Int32(bytes, MasksAt), (uint)Int32(bytes, MasksAt + 4), (uint)Int32(bytes, MasksAt + 8),
            hasThree ? 0 : (uint)Int32(bytes, MasksAt + 12)];
        var widths = masks.Select(mask => IsOneRun(mask) ? BitOperations.PopCount(mask) : -1).ToArray();
        var isKnown = bits == 16 ? widths is [5 or 6, 5 or 6, 5 or 6, 0] : widths is [8, 8, 8, 0 or 8];
        return isKnown
            ? masks[3] != 0
            : throw new UndecodableImageException("a BMP of a rare kind (unusual channel masks); save it as PNG or JPEG");
    }

    private static bool IsOneRun(uint mask) => mask == 0 || BitOperations.IsPow2((mask >> BitOperations.TrailingZeroCount(mask)) + 1L);

    private static int Int32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private static int UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    /// <summary>
    /// The smallest possible size of the pixels in bytes. Rows are padded to four bytes, but some programs don't pad the last one.
    /// </summary>
    private Int128 LeastBytes()
    {
        var row = (((long)Width * Bits) + 7) / 8;
        return IsRuns ? (Int128)Width * Height * 2 / LongestRun : ((Int128)(Height - 1) * ((row + 3) / 4 * 4)) + row;
    }
}
