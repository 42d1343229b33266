namespace Trainer.Core.Imaging.Augmenting;

/// <summary>The mean and the standard deviation of a picture's colours.</summary>
/// <param name="Mean">The mean of each channel, 0 to 255.</param>
/// <param name="Deviation">The standard deviation of each channel.</param>
internal sealed record Palette(double[] Mean, double[] Deviation)
{
    /// <summary>Measures the pixels.</summary>
    /// <param name="pixels">RGBRGB…, at least one pixel.</param>
    public static Palette Of(ReadOnlySpan<byte> pixels)
    {
        long red = 0, green = 0, blue = 0, redSquares = 0, greenSquares = 0, blueSquares = 0;
        for (var i = 0; i + 2 < pixels.Length; i += 3)
        {
            int r = pixels[i], g = pixels[i + 1], b = pixels[i + 2];
            (red, green, blue) = (red + r, green + g, blue + b);
            (redSquares, greenSquares, blueSquares) = (redSquares + (r * r), greenSquares + (g * g), blueSquares + (b * b));
        }

        double[] sum = [red, green, blue], squares = [redSquares, greenSquares, blueSquares];
        var count = pixels.Length / 3.0;
        var mean = Array.ConvertAll(sum, s => s / count);
        return new(mean, [.. squares.Select((s, c) => Math.Sqrt(Math.Max((s / count) - (mean[c] * mean[c]), 0)))]);
    }

    /// <summary>Mean brightness, 0 to 255.</summary>
    public double Grey => Mean.Average();
}
