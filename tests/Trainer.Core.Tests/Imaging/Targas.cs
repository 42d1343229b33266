using Trainer.Core.Randomness;

namespace Trainer.Core.Tests.Imaging;

/// <summary>Writes TGA files of all kinds by the format's specification.</summary>
internal static class Targas
{
    private const int Colours = 200;

    /// <summary>A random picture, without a footer.</summary>
    /// <param name="kind">"grey", "colour" or "palette", and the bits of a pixel or of the palette's colours.</param>
    /// <param name="corner">
    /// The corner of the first pixel as in the header: 0x00 bottom left, 0x10 bottom right, 0x20 top left, 0x30 top right.
    /// </param>
    /// <returns>The file, and its pixels: red, green and blue from the top left.</returns>
    public static (byte[] File, byte[] Expected) Write(string kind, bool isPacked, int corner, int width, int height)
    {
        var (what, bits) = (kind.Split(' ')[0], int.Parse(kind.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
        var isPalette = what == "palette";
        var palette = isPalette ? Numbers(Colours, seed: 31) : [];
        var pixels = Numbers(width * height, seed: 32).Select(number => isPalette ? number % Colours : number).ToArray();
        for (var i = 1; i < pixels.Length; i++)
        {
            pixels[i] = i % 7 is 1 or 2 ? pixels[i - 1] : pixels[i]; // runs
        }

        byte[] header =
        [
            3, (byte)(isPalette ? 1 : 0), (byte)((isPalette ? 1 : what == "colour" ? 2 : 3) + (isPacked ? 8 : 0)),
            0, 0, (byte)palette.Length, 0, (byte)(isPalette ? bits : 0), 5, 0, 9, 0, (byte)width, 0, (byte)height, 0,
            (byte)(isPalette ? 8 : bits), (byte)corner,
        ];
        var stored = Stored(pixels, corner, width).Select(pixel => Bytes(pixel, isPalette ? 8 : bits)).ToArray();
        byte[] file = [.. header, .. "id."u8, .. palette.SelectMany(colour => Bytes(colour, bits)),
            .. isPacked ? Packed(stored) : stored.SelectMany(pixel => pixel)];
        return (file, [.. pixels.SelectMany(pixel => Meant(isPalette ? palette[pixel] : pixel, what, bits))]);
    }

    private static IEnumerable<uint> Stored(uint[] pixels, int corner, int width)
    {
        var rows = pixels.Chunk(width).Select(row => (corner & 0x10) != 0 ? row.Reverse() : row);
        return ((corner & 0x20) != 0 ? rows : rows.Reverse()).SelectMany(row => row);
    }

    private static byte[] Bytes(uint pixel, int bits) => BitConverter.GetBytes(pixel)[..((bits + 7) / 8)];

    private static byte[] Meant(uint pixel, string what, int bits) => what == "grey" ? [(byte)pixel, (byte)pixel, (byte)pixel]
        : bits > 16 ? [(byte)(pixel >> 16), (byte)(pixel >> 8), (byte)pixel]
        : [.. ((uint[])[pixel >> 10, pixel >> 5, pixel]).Select(five => (byte)Math.Round((five & 31) * 255.0 / 31))];

    private static IEnumerable<byte> Packed(byte[][] pixels)
    {
        for (var at = 0; at < pixels.Length;)
        {
            var equal = pixels.Skip(at).TakeWhile(pixel => pixel.SequenceEqual(pixels[at])).Count();
            var single = equal > 1 ? [pixels[at]] : pixels.Skip(at).Take(3).ToArray();
            yield return (byte)(equal > 1 ? 127 + equal : single.Length - 1);
            foreach (var value in single.SelectMany(pixel => pixel))
            {
                yield return value;
            }

            at += equal > 1 ? equal : single.Length;
        }
    }

    private static uint[] Numbers(int count, ulong seed)
    {
        var random = new CounterRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (uint)random.Next(1 << 16) | ((uint)random.Next(1 << 16) << 16))];
    }
}
