using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Randomness;

namespace Pretraining;

/// <summary>Makes the pictures of a step: a square of photos, and the same square as a worse camera would take it.</summary>
/// <remarks>
/// Small photos are put together as a mosaic rather than enlarged, so that the network sees edges as sharp as in photos. The teacher gives
/// the target for each place, so it doesn't matter that no camera takes such pictures.
/// </remarks>
internal static class Canvas
{
    private const double ShareOfMosaics = 0.7, ShareWhole = 0.5, LeastArea = 0.25;
    private const int LeastCell = 64;

    private static readonly ResampleFilter[] Filters =
        [ResampleFilter.Nearest, ResampleFilter.Bilinear, ResampleFilter.Lanczos, ResampleFilter.Antialiased];

    /// <summary>E · E · 3 bytes, RGB.</summary>
    /// <param name="large">Large photos, whose share of the pictures is <paramref name="shareOfLarge"/>.</param>
    public static byte[] Draw(RgbImage[] small, RgbImage[] large, double shareOfLarge, int edge, ref CounterRandom random)
    {
        var photos = large.Length > 0 && random.NextDouble() < shareOfLarge ? large : small;
        var canvas = new byte[edge * edge * 3];
        Fill(canvas, edge, 0, 0, edge, photos, ref random);
        if (random.NextDouble() < 0.5)
        {
            Augmentation.Mirror(canvas, edge);
        }

        ColourTransform.Contrast(random.Next(0.8, 1.2), Palette.Of(canvas).Grey)
            .Then(ColourTransform.Brightness(random.Next(0.8, 1.2))).Then(ColourTransform.Saturation(random.Next(0.7, 1.3))).Apply(canvas);
        return canvas;
    }

    /// <summary>Rescales, blurs, darkens and compresses a square; nothing moves by more than a pixel.</summary>
    public static byte[] Worsen(byte[] canvas, int edge, ref CounterRandom random)
    {
        var pixels = canvas;
        if (random.NextDouble() < 0.6)
        {
            var smaller = (int)(edge * random.Next(0.45, 1));
            var shrunk = Resampler.Resize(
                new RgbImage(edge, edge, pixels), CropBox.CentreSquare(edge, edge), smaller, smaller, Filters[random.Next(Filters.Length)]);
            pixels = Resampler.Resize(
                new RgbImage(smaller, smaller, shrunk), CropBox.CentreSquare(smaller, smaller), edge, edge, ResampleFilter.Bilinear);
        }

        pixels = random.NextDouble() < 0.4 ? PictureDamage.Blur(pixels, edge, random.Next(0.4, 1.2)) : [.. pixels];
        ColourTransform.Contrast(random.Next(0.7, 1.3), Palette.Of(pixels).Grey)
            .Then(ColourTransform.Brightness(random.Next(0.5, 1.3))).Then(ColourTransform.Saturation(random.Next(0.7, 1.3))).Apply(pixels);
        return random.NextDouble() < 0.6 ? PictureDamage.Compress(pixels, edge, 25 + random.Next(65)) : pixels;
    }

    private static void Fill(byte[] canvas, int edge, int x, int y, int size, RgbImage[] photos, ref CounterRandom random)
    {
        var photo = photos[random.Next(photos.Length)];
        var shorter = Math.Min(photo.Width, photo.Height);
        if (size >= 2 * LeastCell && shorter < size && random.NextDouble() < ShareOfMosaics)
        {
            foreach (var (dx, dy) in new[] { (0, 0), (1, 0), (0, 1), (1, 1) })
            {
                Fill(canvas, edge, x + (dx * size / 2), y + (dy * size / 2), size / 2, photos, ref random);
            }

            return;
        }

        var side = random.NextDouble() < ShareWhole && shorter <= size ? shorter : Math.Sqrt(random.Next(LeastArea, 1)) * shorter;
        var box = new CropBox(random.NextDouble() * (photo.Width - side), random.NextDouble() * (photo.Height - side), side, side);
        var pixels = Resampler.Resize(photo, box, size, size);
        for (var row = 0; row < size; row++)
        {
            pixels.AsSpan(row * size * 3, size * 3).CopyTo(canvas.AsSpan((((y + row) * edge) + x) * 3));
        }
    }
}
