using NetVips;
using Trainer.Core.Randomness;

namespace Trainer.Core.Tests.Training;

/// <summary>Two kinds of simple pictures that are quick to draw: orange vertical stripes and blue horizontal ones.</summary>
/// <remarks>Each has its own lighter and darker patches, so that no two count as near-duplicates.</remarks>
internal static class DrawnPictures
{
    private const int Edge = 96;
    private const int Patch = 12; // pixels; 8 by 8 of them

    /// <summary>Draws JPEGs of the subject into a folder.</summary>
    /// <returns>The folder.</returns>
    public static string Normals(TemporaryFolder folder, string name, int count, int first = 0) =>
        Draw(folder, name, first, count, upright: true, [230, 120, 30]);

    /// <summary>Draws JPEGs of something else into a folder.</summary>
    /// <returns>The folder.</returns>
    public static string Negatives(TemporaryFolder folder, string name, int count, int first = 0) =>
        Draw(folder, name, first, count, upright: false, [30, 90, 220]);

    /// <summary>The first half of a JPEG, which can be opened but not decoded.</summary>
    public static byte[] HalfAJpeg(int index)
    {
        var whole = Jpeg(index, upright: true, [90, 90, 90]);
        return whole[..(whole.Length / 2)];
    }

    private static string Draw(TemporaryFolder folder, string name, int first, int count, bool upright, byte[] colour)
    {
        for (var i = first; i < first + count; i++)
        {
            folder.Write($"{name}/{i:d3}.jpg", Jpeg(i, upright, colour));
        }

        return Path.Combine(folder.Root, name);
    }

    private static byte[] Jpeg(int index, bool upright, byte[] colour)
    {
        var random = new CounterRandom((ulong)index, upright ? 1UL : 0);
        var (width, shift) = (4 + random.Next(12), random.Next(16));
        var patches = Enumerable.Range(0, Edge / Patch * Edge / Patch).Select(_ => random.Next(100) - 50).ToArray();
        var pixels = new byte[Edge * Edge * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (y, x) = Math.DivRem(i / 3, Edge);
            var isStripe = (((upright ? x : y) + shift) / width) % 2 == 0;
            var patch = patches[(y / Patch * (Edge / Patch)) + (x / Patch)];
            pixels[i] = (byte)Math.Clamp((isStripe ? colour[i % 3] : 128) + patch + random.Next(40) - 20, 0, 255);
        }

        using var image = Image.NewFromMemory(pixels, Edge, Edge, 3, Enums.BandFormat.Uchar);
        return image.JpegsaveBuffer(q: 90);
    }
}
