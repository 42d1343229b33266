using System.Text;
using NetVips;
using Trainer.Core.Imaging;
using Trainer.Core.Randomness;

namespace Trainer.Core.Tests.Imaging;

/// <summary>Pictures that tests draw for themselves.</summary>
internal static class Drawn
{
    public static readonly byte[] Red = [220, 30, 40], Green = [20, 200, 60], Blue = [30, 60, 210], Yellow = [230, 220, 50];

    /// <summary>Soft colours without any symmetry, so that a turned or mirrored picture is a different one.</summary>
    public static RgbImage Soft(int width, int height, int seed = 0)
    {
        var pixels = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = ((y * width) + x) * 3;
                pixels[at] = (byte)(127 + (120 * Math.Sin((x * 5.0 / width) + seed)));
                pixels[at + 1] = (byte)(127 + (120 * Math.Sin((y * 7.0 / height) + (2 * seed))));
                pixels[at + 2] = (byte)(127 + (120 * Math.Sin(((x * 3.0 / width) + (y * 2.0 / height) + seed) * 2)));
            }
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>A picture of random pixels.</summary>
    public static RgbImage Noise(int width, int height, ulong seed)
    {
        var random = new CounterRandom(seed, (ulong)width, (ulong)height);
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)random.Next(256);
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>Four quarters: red and green above, blue and yellow below.</summary>
    public static RgbImage Quarters(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
        {
            var (x, y) = (i % width, i / width);
            var colour = (y < height / 2, x < width / 2) switch
            {
                (true, true) => Red,
                (true, false) => Green,
                (false, true) => Blue,
                (false, false) => Yellow,
            };
            colour.CopyTo(pixels, i * 3);
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>The picture as a libvips image.</summary>
    public static Image ToVips(this RgbImage image)
    {
        using var memory = Image.NewFromMemory(image.Pixels, image.Width, image.Height, 3, Enums.BandFormat.Uchar);
        return memory.Copy(interpretation: Enums.Interpretation.Srgb);
    }

    /// <summary>Writes a picture in the format of the path's extension.</summary>
    public static string Save(this RgbImage image, string path)
    {
        if (Path.GetExtension(path) is (".bmp" or ".tga" or ".ppm") and var plain)
        {
            File.WriteAllBytes(path, Plain(image, plain));
            return path;
        }

        using var vips = image.ToVips();
        vips.WriteToFile(path);
        return path;
    }

    /// <summary>Encodes formats that libvips doesn't write.</summary>
    private static byte[] Plain(RgbImage image, string extension)
    {
        if (extension == ".ppm")
        {
            return [.. Encoding.ASCII.GetBytes($"P6 {image.Width} {image.Height} 255\n"), .. image.Pixels];
        }

        var pixels = image.Pixels.Chunk(3).Select(rgb => (uint)((rgb[0] << 16) | (rgb[1] << 8) | rgb[2]));
        byte[] targa = [0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)image.Width, (byte)(image.Width >> 8), (byte)image.Height,
            (byte)(image.Height >> 8), 24, 0x20];
        return extension == ".bmp" ? Bitmaps.Direct(24, Bitmaps.Info, fromTop: false, image.Width, image.Height, pixels)
            : [.. targa, .. pixels.SelectMany(pixel => BitConverter.GetBytes(pixel)[..3])];
    }

    public static byte[] At(this RgbImage image, int x, int y) =>
        image.Pixels[(((y * image.Width) + x) * 3)..(((y * image.Width) + x + 1) * 3)];

    /// <summary>The largest difference of any channel of any pixel.</summary>
    public static int MaxDifference(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var max = one.Length == other.Length ? 0 : int.MaxValue;
        for (var i = 0; i < one.Length && max <= 255; i++)
        {
            max = Math.Max(max, Math.Abs(one[i] - other[i]));
        }

        return max;
    }

    /// <summary>The mean difference over all channels of all pixels.</summary>
    public static double MeanDifference(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        double sum = one.Length == other.Length ? 0 : double.PositiveInfinity;
        for (var i = 0; i < one.Length; i++)
        {
            sum += Math.Abs(one[i] - other[Math.Min(i, other.Length - 1)]);
        }

        return sum / one.Length;
    }

    /// <summary>The colours of the four quarters, row by row.</summary>
    public static string QuartersOf(RgbImage image)
    {
        var (left, right, top, bottom) = (image.Width / 4, image.Width * 3 / 4, image.Height / 4, image.Height * 3 / 4);
        return string.Join(
            ' ', NameOf(image.At(left, top)), NameOf(image.At(right, top)), NameOf(image.At(left, bottom)),
            NameOf(image.At(right, bottom)));
    }

    public static string NameOf(byte[] colour)
    {
        (string Name, byte[] Colour)[] known = [("red", Red), ("green", Green), ("blue", Blue), ("yellow", Yellow)];
        return known.MinBy(k => MeanDifference(k.Colour, colour)).Name;
    }
}
