namespace Trainer.Core.Samples.Painting;

/// <summary>A colour as hue, saturation and lightness, with opacity.</summary>
/// <param name="Hue">In degrees: 0 is red, 60 yellow, 120 green, 240 blue.</param>
/// <param name="Saturation">0 (grey) to 1.</param>
/// <param name="Lightness">0 (black) to 1 (white).</param>
/// <param name="Opacity">0 (transparent) to 1.</param>
internal readonly record struct Colour(double Hue, double Saturation, double Lightness, double Opacity = 1)
{
    public Colour Lighter(double by) => this with { Lightness = Math.Clamp(Lightness + by, 0, 1) };

    public Colour Darker(double by) => Lighter(-by);

    public Colour Faded(double opacity) => this with { Opacity = opacity };

    /// <summary>Red, green and blue, each 0 to 1.</summary>
    public (double Red, double Green, double Blue) Rgb => (Channel(0), Channel(8), Channel(4));

    /// <summary>The colour in SVG's notation, #rrggbbaa.</summary>
    public override string ToString()
    {
        var (red, green, blue) = Rgb;
        return $"#{Byte(red):x2}{Byte(green):x2}{Byte(blue):x2}{Byte(Opacity):x2}";
    }

    /// <summary>CSS Color Module Level 4, section 7.1, "Converting HSL Colors to sRGB".</summary>
    private double Channel(int n)
    {
        var k = (n + (Hue / 30) + 12) % 12;
        return Lightness - (Saturation * Math.Min(Lightness, 1 - Lightness) * Math.Clamp(Math.Min(k - 3, 9 - k), -1, 1));
    }

    private static int Byte(double share) => (int)Math.Round(Math.Clamp(share, 0, 1) * 255);
}
