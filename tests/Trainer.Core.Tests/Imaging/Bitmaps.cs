using System.Buffers.Binary;
using Trainer.Core.Randomness;

namespace Trainer.Core.Tests.Imaging;

/// <summary>Writes bitmaps of all kinds by the format's specification.</summary>
internal static class Bitmaps
{
    public const int Core = 12, Info = 40, WithMasks = 52, WithAlpha = 56, Os2 = 64, V4 = 108, V5 = 124; // sizes of headers

    /// <summary>A random palette: red, green and blue of each colour.</summary>
    public static byte[] Colours(int bits) => Drawn.Noise(1 << bits, 1, seed: 21).Pixels;

    /// <summary>A random index for each pixel.</summary>
    public static byte[] Indices(int bits, int count)
    {
        var random = new CounterRandom(22, (ulong)bits);
        return [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(1 << bits))];
    }

    /// <summary>The colours of the indices.</summary>
    public static byte[] Meant(byte[] indices, byte[] colours) => [.. indices.SelectMany(index => colours[(3 * index)..((3 * index) + 3)])];

    /// <summary>A bitmap with a palette that isn't packed.</summary>
    public static byte[] WithPalette(int bits, int header, bool fromTop, int width, int height, byte[] indices, byte[] colours)
    {
        var rows = indices.Chunk(width).Select(row => row.Chunk(8 / bits)
            .Select(pixels => (byte)pixels.Select((index, i) => index << (8 - bits - (i * bits))).Sum()).ToArray());
        return File(header, width, fromTop ? -height : height, bits, packing: 0, colours: bits == 2 ? 4 : 0, [], Palette(header, colours),
            Rows(rows, fromTop));
    }

    /// <summary>A run-length encoded bitmap, whose runs the test provides.</summary>
    public static byte[] Runs(int bits, int width, int height, byte[] colours, params byte[] runs) =>
        File(Info, width, height, bits, packing: bits == 8 ? 1 : 2, colours: 0, [], Palette(Info, colours), runs);

    /// <summary>A bitmap of 16, 24 or 32 bits.</summary>
    /// <param name="pixels">One number per pixel, from the top left.</param>
    /// <param name="masks">Masks of red, green, blue and perhaps alpha; empty for the format's default masks.</param>
    public static byte[] Direct(int bits, int header, bool fromTop, int width, int height, IEnumerable<uint> pixels, params uint[] masks)
    {
        var rows = pixels.Chunk(width).Select(row => row.SelectMany(pixel => Bytes(pixel)[..(bits / 8)]).ToArray());
        var packing = masks.Length == 0 ? 0 : masks.Length == 4 && header == Info ? 6 : 3;
        return File(header, width, fromTop ? -height : height, bits, packing, colours: 0, [.. masks.SelectMany(mask => Bytes(mask))], [],
            Rows(rows, fromTop));
    }

    private static byte[] File(
        int header, int width, int height, int bits, int packing, int colours, byte[] masks, byte[] palette, byte[] pixels)
    {
        var file = new byte[14 + Math.Max(header, header == Info ? Info + masks.Length : 0)];
        var fields = header == Core
            ? (byte[])[.. Bytes(header), .. Bytes((uint)width)[..2], .. Bytes((uint)height)[..2], 1, 0, (byte)bits, 0]
            : [.. Bytes(header), .. Bytes(width), .. Bytes(height), 1, 0, (byte)bits, 0, .. Bytes(packing), .. Bytes(pixels.Length),
                .. new byte[8], .. Bytes(colours), .. new byte[4], .. masks];
        fields[..Math.Min(fields.Length, file.Length - 14)].CopyTo(file, 14);
        byte[] whole = [.. file, .. palette, .. pixels];
        "BM"u8.CopyTo(whole);
        BinaryPrimitives.WriteInt32LittleEndian(whole.AsSpan(2), whole.Length);
        BinaryPrimitives.WriteInt32LittleEndian(whole.AsSpan(10), file.Length + palette.Length);
        return whole;
    }

    private static byte[] Palette(int header, byte[] colours) =>
        [.. colours.Chunk(3).SelectMany(rgb => header == Core ? (byte[])[rgb[2], rgb[1], rgb[0]] : [rgb[2], rgb[1], rgb[0], 0])];

    private static byte[] Rows(IEnumerable<byte[]> rows, bool fromTop)
    {
        var padded = rows.Select(row => (byte[])[.. row, .. Enumerable.Repeat((byte)0xEE, -row.Length & 3)]);
        return [.. (fromTop ? padded : padded.Reverse()).SelectMany(row => row)];
    }

    private static byte[] Bytes(int number) => BitConverter.GetBytes(number);

    private static byte[] Bytes(uint number) => BitConverter.GetBytes(number);
}
