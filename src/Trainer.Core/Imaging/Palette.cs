namespace Trainer.Core.Imaging;

/// <summary>The colours of a picture in six numbers.</summary>
/// <param name="Mean">Of each channel, 0 to 255.</param>
/// <param name="Deviation">Of each channel.</param>
public sealed record Palette(double[] Mean, double[] Deviation)
{
    /// <summary>Measures the pixels.</summary>
    /// <param name="pixels">RGBRGB…, at least one pixel.</param>
    public static Palette Of(ReadOnlySpan<byte> pixels)
    {
        double[] sum = [0, 0, 0], squares = [0, 0, 0];
        for (var i = 0; i < pixels.Length; i++)
        {
            sum[i % 3] += pixels[i];
            squares[i % 3] += pixels[i] * pixels[i];
        }

        var count = pixels.Length / 3.0;
        var mean = Array.ConvertAll(sum, s => s / count);
        return new(mean, [.. squares.Select((s, c) => Math.Sqrt(Math.Max((s / count) - (mean[c] * mean[c]), 0)))]);
    }

    /// <summary>Mean brightness, 0 to 255.</summary>
    public double Grey => Mean.Average();
}
