using System.Numerics;

namespace Trainer.Core.Imaging.Similarity;

/// <summary>A 64-bit hash that changes little when a picture is resized or compressed again.</summary>
/// <remarks>
/// It is a difference hash: each bit says which of two neighbours in a 9x8 grid of brightnesses is lighter (Krawetz 2013, "Kind of Like
/// That",
/// <see href="https://www.hackerfactor.com/blog/index.php?/archives/529-Kind-of-Like-That.html"/>).
/// </remarks>
internal static class PerceptualHash
{
    /// <summary>
    /// Copies differ in at most this many bits. Different pictures rarely differ as little; <see cref="PictureSketch"/> tells for certain.
    /// </summary>
    public const int NearBits = 10;

    private const int Columns = 9;
    private const int Rows = 8;

    /// <summary>The hash of a whole decoded picture.</summary>
    public static ulong Of(RgbImage image) => Both(image).Plain;

    /// <summary>The hash of a decoded picture, and the hash of its mirror image (left to right).</summary>
    public static (ulong Plain, ulong Mirrored) Both(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var small = Resampler.Resize(image, new CropBox(0, 0, image.Width, image.Height), Columns, Rows);
        return (Of(small, column => column), Of(small, column => Columns - 1 - column));
    }

    /// <summary>The number of bits in which two hashes differ, 0 to 64.</summary>
    public static int Distance(ulong a, ulong b) => BitOperations.PopCount(a ^ b);

    private static ulong Of(byte[] small, Func<int, int> columnAt)
    {
        ulong hash = 0;
        for (var y = 0; y < Rows; y++)
        {
            for (var x = 0; x < Columns - 1; x++)
            {
                var lighter = Brightness(small, Pixel(columnAt(x), y)) > Brightness(small, Pixel(columnAt(x + 1), y));
                hash = (hash << 1) | (lighter ? 1UL : 0);
            }
        }

        return hash;
    }

    private static int Pixel(int x, int y) => ((y * Columns) + x) * 3;

    private static int Brightness(byte[] pixels, int at) => (299 * pixels[at]) + (587 * pixels[at + 1]) + (114 * pixels[at + 2]);
}
