using System.Buffers.Binary;

namespace Trainer.Core.Imaging.Decoding.Formats;

/// <summary>The checked header of a Truevision TGA: complete, of a supported kind, and followed by enough bytes.</summary>
/// <param name="HasAlpha">True when the last channel is transparency; otherwise it means nothing, or there is none.</param>
/// <remarks>
/// ImageSharp 2.1 reads colours past the end of a file, and misreads palettes that have 15 bits, don't start at 0, or come with true
/// colour. So all of this is checked here. Fields: Truevision TGA File Format Specification, version 2.0, 1991.
/// </remarks>
internal readonly record struct TgaHeader(int Width, int Height, bool HasAlpha)
{
    private const int Size = ImageSignature.Length;
    private const int MostEdge = short.MaxValue; // ImageSharp reads larger values as negative

    private enum Kind
    {
        Palette = 1,
        Colour,
        Grey,
    }

    /// <summary>Reads and checks the header, and checks that the file is complete.</summary>
    /// <param name="file">The file, at its start; must support seeking.</param>
    /// <exception cref="UndecodableImageException">
    /// The header is damaged, the file is too short, or this kind of file isn't supported.
    /// </exception>
    public static TgaHeader Of(Stream file)
    {
        Span<byte> bytes = stackalloc byte[Size];
        file.ReadAtLeast(bytes, Size, throwOnEndOfStream: false);
        var (palette, kind, isPacked) = (bytes[1], (Kind)(bytes[2] & 7), (bytes[2] & 8) != 0);
        var (colours, entry, bits, alpha) = (Half(bytes, 5), bytes[7], bytes[16], bytes[17] & 15);
        var (width, height) = (Half(bytes, 12), Half(bytes, 14));
        var isKnown = bytes[2] < 16 && bytes[17] < 64 && alpha is 0 or 1 or 8 && kind switch
        {
            Kind.Palette => palette == 1 && bits == 8 && Half(bytes, 3) == 0 && colours is >= 1 and <= 256 && entry is 16 or 24 or 32,
            Kind.Colour => palette == 0 && colours == 0 && bits is 15 or 16 or 24 or 32,
            Kind.Grey => palette == 0 && colours == 0 && bits is 8 or 16,
            _ => false,
        };
        if (!isKnown)
        {
            throw new UndecodableImageException("a TGA of a rare kind, or a damaged one; save it as PNG or JPEG");
        }

        if (width is 0 or > MostEdge || height is 0 or > MostEdge)
        {
            throw new UndecodableImageException($"{width}x{height} pixels, where a TGA has 1 to {MostEdge} a side");
        }

        file.Position = Size + bytes[0] + (colours * entry / 8);
        var (pixels, bytesEach) = ((long)width * height, (bits + 7) / 8);
        if (pixels * bytesEach > ImageDecoder.MaxFileBytes)
        {
            throw new UndecodableImageException($"unpacked, it would be larger than {ImageDecoder.MaxFileBytes >> 20} MB");
        }

        if (isPacked ? !HoldsPackets(file, pixels, bytesEach) : file.Length - file.Position < pixels * bytesEach)
        {
            throw new UndecodableImageException("cut short");
        }

        return new TgaHeader(width, height, alpha == 8 && kind != Kind.Palette && bits == (kind == Kind.Grey ? 16 : 32));
    }

    /// <summary>
    /// True if the file contains all packets. A packet starts with its number of pixels, up to 128, followed by one repeated pixel or by
    /// all of them.
    /// </summary>
    private static bool HoldsPackets(Stream file, long pixels, int bytesEach)
    {
        var packets = new ByteReader(file);
        while (pixels > 0 && packets.Next() is >= 0 and var packet)
        {
            var count = (packet & 127) + 1;
            pixels -= count;
            packets.Skip((packet & 128) != 0 ? bytesEach : count * bytesEach);
        }

        return pixels <= 0 && packets.Position <= file.Length;
    }

    private static int Half(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
