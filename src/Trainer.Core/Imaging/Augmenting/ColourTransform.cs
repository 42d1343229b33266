using System.Runtime.Intrinsics;

namespace Trainer.Core.Imaging.Augmenting;

/// <summary>A change of colour that is the same for every pixel: a 3x3 matrix and an offset on (R, G, B), in 0..255.</summary>
/// <param name="M">Nine numbers, row by row.</param>
/// <param name="Offset">Three numbers.</param>
internal readonly record struct ColourTransform(double[] M, double[] Offset)
{
    // Weights of the channels in perceived brightness (ITU-R BT.601).
    private const double Red = 0.299, Green = 0.587, Blue = 0.114;

    /// <summary>Scales brightness; 1 leaves it unchanged.</summary>
    public static ColourTransform Brightness(double factor) => new([factor, 0, 0, 0, factor, 0, 0, 0, factor], [0, 0, 0]);

    /// <summary>Scales the distance from a grey value; 1 leaves the colours unchanged.</summary>
    /// <param name="grey">The value that doesn't change, 0 to 255: the picture's mean.</param>
    public static ColourTransform Contrast(double factor, double grey)
    {
        var offset = grey * (1 - factor);
        return Brightness(factor) with { Offset = [offset, offset, offset] };
    }

    /// <summary>Scales the distance from grey of the same brightness: 0 removes all colour, 1 leaves it unchanged.</summary>
    public static ColourTransform Saturation(double factor)
    {
        double r = Red * (1 - factor), g = Green * (1 - factor), b = Blue * (1 - factor);
        return new([r + factor, g, b, r, g + factor, b, r, g, b + factor], [0, 0, 0]);
    }

    /// <summary>Rotates the hue about the grey axis; brightness changes little.</summary>
    /// <remarks>Rodrigues' rotation formula about (1, 1, 1).</remarks>
    public static ColourTransform Hue(double radians)
    {
        double cos = Math.Cos(radians), third = (1 - cos) / 3, sin = Math.Sin(radians) / Math.Sqrt(3);
        return new([cos + third, third - sin, third + sin, third + sin, cos + third, third - sin, third - sin, third + sin, cos + third],
            [0, 0, 0]);
    }

    /// <summary>The transform that applies this one first and then the next.</summary>
    public ColourTransform Then(ColourTransform next)
    {
        var product = new double[9];
        var offset = (double[])next.Offset.Clone();
        for (var row = 0; row < 3; row++)
        {
            for (var k = 0; k < 3; k++)
            {
                var factor = next.M[(3 * row) + k];
                offset[row] += factor * Offset[k];
                for (var column = 0; column < 3; column++)
                {
                    product[(3 * row) + column] += factor * M[(3 * k) + column];
                }
            }
        }

        return new(product, offset);
    }

    /// <summary>Changes the pixels in place.</summary>
    /// <param name="pixels">RGBRGB…</param>
    public void Apply(Span<byte> pixels)
    {
        Vector128<float> red = Column(0), green = Column(1), blue = Column(2);
        var offset = Vector128.Create((float)Offset[0], (float)Offset[1], (float)Offset[2], 0);
        for (var i = 0; i + 2 < pixels.Length; i += 3)
        {
            var bytes = Pixel.Round((red * pixels[i]) + (green * pixels[i + 1]) + (blue * pixels[i + 2]) + offset);
            pixels[i] = (byte)bytes;
            pixels[i + 1] = (byte)(bytes >> 8);
            pixels[i + 2] = (byte)(bytes >> 16);
        }
    }

    private Vector128<float> Column(int channel) => Vector128.Create((float)M[channel], (float)M[channel + 3], (float)M[channel + 6], 0);
}
