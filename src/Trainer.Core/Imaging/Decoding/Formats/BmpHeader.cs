using System.Buffers.Binary;
using System.Numerics;

namespace Trainer.Core.Imaging.Decoding.Formats;

/// <summary>The header of a Windows or OS/2 bitmap that was found to be whole, of a kind that is read right, and followed by enough bytes.</summary>
/// <param name="Bits">Of each pixel, as stored.</param>
/// <param name="Colours">Of the palette; 0 for as many as there are indices, or none.</param>
/// <param name="Length">Bytes from the start of the file to the end of the header.</param>
/// <param name="First">Where in the file the pixels begin.</param>
/// <param name="HasAlpha">The fourth channel is transparency; otherwise it says nothing, or there is none.</param>
/// <remarks>
/// ImageSharp 2.1 takes channels of other widths than 5, 6 and 8 bits for these, guesses the size of a palette's entries from the place of the
/// pixels, reads past the end of a file without a word, and allocates what a header claims: so all that is settled here, before it begins.
/// Fields: <see href="https://learn.microsoft.com/windows/win32/gdi/bitmap-header-types"/>.
/// </remarks>
internal sealed record BmpHeader(int Width, int Height, int Bits, BmpPacking Packing, int Colours, int Length, int First, bool HasAlpha)
{
    /// <summary>Where these fields stand in a file, in headers of 40 bytes and more.</summary>
    public const int FirstAt = 10, BitsAt = 28, PackingAt = 30, ColoursAt = 46;

    private const int FileHeader = 14, MasksAt = 54;
    private const int Core = 12, Info = 40, WithMasks = 52, Os2 = 64; // sizes of headers
    private const int MostColours = 1 << 16;
    private const int LongestRun = 255; // pixels, in two bytes

    /// <summary>The pixels are packed as runs.</summary>
    public bool IsRuns => Packing is BmpPacking.Rle8 or BmpPacking.Rle4;

    /// <summary>Reads and judges a header.</summary>
    /// <param name="file">From its start; can seek.</param>
    /// <exception cref="UndecodableImageException">It is damaged, the file ends too early, or bitmaps of this kind aren't read.</exception>
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
            (BmpPacking.Masks, 16 or 32) => size != Os2, // there the number means a fax
            (BmpPacking.MasksWithAlpha, 32) => size == Info,
            _ => false,
        };
        if (!isKnown)
        {
            throw new UndecodableImageException($"a BMP of a rare kind ({bits} bits a pixel, compression {(int)packing}); save it as PNG or JPEG");
        }
    }

    /// <summary>Colours stand between header and pixels, of three bytes each in the oldest bitmaps, of four in others.</summary>
    private static void RequireKnownPalette(int bits, int colours, long room, int size)
    {
        var guessed = Math.Max(room >> Math.Min(bits, 8), 3); // bytes of a colour, as ImageSharp finds them where their number isn't said
        var fits = bits > 8 || colours != 0
            ? colours is >= 0 and <= MostColours && room >= 4L * colours
            : bits != 2 && room > 0 && guessed == (size == Core ? 3 : 4);
        if (!fits)
        {
            throw new UndecodableImageException("damaged: its colours and its pixels overlap or lie apart");
        }
    }

    /// <summary>Of masks that stand behind the header.</summary>
    private static int BytesOfMasks(BmpPacking packing, int size) => (packing, size) switch
    {
        (BmpPacking.Masks, Info) => 12,
        (BmpPacking.MasksWithAlpha, Info) => 16,
        _ => 0,
    };

    /// <returns>True when one of them is for transparency.</returns>
    private static bool RequireKnownMasks(ReadOnlySpan<byte> bytes, int bits, BmpPacking packing, int size)
    {
        var hasThree = size == WithMasks || (size == Info && packing == BmpPacking.Masks);
        uint[] masks = [(uint)Int32(bytes, MasksAt), (uint)Int32(bytes, MasksAt + 4), (uint)Int32(bytes, MasksAt + 8), hasThree ? 0 : (uint)Int32(bytes, MasksAt + 12)];
        var widths = masks.Select(mask => IsOneRun(mask) ? BitOperations.PopCount(mask) : -1).ToArray();
        var isKnown = bits == 16 ? widths is [5 or 6, 5 or 6, 5 or 6, 0] : widths is [8, 8, 8, 0 or 8];
        return isKnown ? masks[3] != 0 : throw new UndecodableImageException("a BMP of a rare kind (unusual masks of its channels); save it as PNG or JPEG");
    }

    private static bool IsOneRun(uint mask) => mask == 0 || BitOperations.IsPow2((mask >> BitOperations.TrailingZeroCount(mask)) + 1L);

    private static int Int32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private static int UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    /// <summary>Of the pixels. Rows are padded to four bytes, but for the last one in files of some programs.</summary>
    private Int128 LeastBytes()
    {
        var row = (((long)Width * Bits) + 7) / 8;
        return IsRuns ? (Int128)Width * Height * 2 / LongestRun : ((Int128)(Height - 1) * ((row + 3) / 4 * 4)) + row;
    }
}
