using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Imaging.Similarity;

namespace Trainer.Core.Inspection;

/// <summary>
/// What can be measured of a picture without knowing what it shows. Colours and sharpness are those of the network's input.
/// </summary>
/// <param name="Width">Width of the whole picture in pixels, in the orientation in which people see it.</param>
/// <param name="JpegQuality">1 to 100; NaN for other formats.</param>
/// <param name="Hue">Direction of the mean colour on the colour wheel, as (cos, sin) of the angle times the colour's strength.</param>
/// <param name="Border">Mean colour of the outermost pixels: R, G, B, 0 to 255.</param>
/// <param name="Contrast">Standard deviation of the brightness, 0 to 128; near 0 the picture is plain.</param>
internal sealed record PictureFacts(
    ImageFormat Format,
    int Width,
    int Height,
    double BytesPerPixel,
    double JpegQuality,
    double[] Hue,
    double GreenShare,
    double Brightness,
    double Contrast,
    double Sharpness,
    double[] Border,
    PictureSketch Sketch)
{
    private const int Edge = 128; // fixed whatever the network's edge, so that sets can be compared with each other

    /// <summary>Longer side divided by shorter side.</summary>
    public double AspectRatio => (double)Math.Max(Width, Height) / Math.Min(Width, Height);

    /// <summary>Reads and measures a picture.</summary>
    /// <exception cref="UndecodableImageException">It can't be read.</exception>
    public static PictureFacts Of(ImageEntry file)
    {
        var (image, header) = ImageDecoder.DecodeWithHeader(file.Path);
        var pixels = new Preprocessing(Edge).ToInput(image);
        var grey = Grey(pixels);
        var palette = Palette.Of(pixels);
        var (red, green, blue) = (palette.Mean[0], palette.Mean[1], palette.Mean[2]);
        var brightness = grey.Average();
        return new PictureFacts(
            header.Format,
            header.Width,
            header.Height,
            (double)file.Length / header.Width / header.Height,
            Quality(file.Path, header.Format),
            [red - ((green + blue) / 2), Math.Sqrt(3) / 2 * (green - blue)],
            GreenShareOf(pixels),
            brightness,
            Math.Sqrt(grey.Average(g => (g - brightness) * (g - brightness))),
            SharpnessOf(grey),
            BorderOf(pixels),
            PictureSketch.Of(image));
    }

    private static double Quality(string path, ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => Imaging.Decoding.JpegQuality.Of(path) ?? double.NaN,
        _ => double.NaN,
    };

    private static double[] Grey(byte[] pixels)
    {
        var grey = new double[Edge * Edge];
        for (var i = 0; i < grey.Length; i++)
        {
            grey[i] = (0.299 * pixels[3 * i]) + (0.587 * pixels[(3 * i) + 1]) + (0.114 * pixels[(3 * i) + 2]);
        }

        return grey;
    }

    private static double GreenShareOf(byte[] pixels)
    {
        var count = 0;
        for (var i = 0; i < pixels.Length; i += 3)
        {
            count += pixels[i + 1] > pixels[i] && pixels[i + 1] > pixels[i + 2] ? 1 : 0;
        }

        return (double)count / (pixels.Length / 3);
    }

    /// <summary>Mean distance of a pixel from the mean of its four neighbours.</summary>
    private static double SharpnessOf(double[] grey)
    {
        double sum = 0;
        for (var y = 1; y < Edge - 1; y++)
        {
            for (var x = 1; x < Edge - 1; x++)
            {
                var at = (y * Edge) + x;
                sum += Math.Abs(grey[at] - ((grey[at - 1] + grey[at + 1] + grey[at - Edge] + grey[at + Edge]) / 4));
            }
        }

        return sum / ((Edge - 2) * (Edge - 2));
    }

    private static double[] BorderOf(byte[] pixels)
    {
        double[] sum = [0, 0, 0];
        var count = 0;
        for (var i = 0; i < Edge * Edge; i++)
        {
            var (x, y) = (i % Edge, i / Edge);
            if (x is < 2 or >= Edge - 2 || y is < 2 or >= Edge - 2)
            {
                count++;
                for (var c = 0; c < 3; c++)
                {
                    sum[c] += pixels[(3 * i) + c];
                }
            }
        }

        return [.. sum.Select(s => s / count)];
    }
}
