using System.Globalization;

namespace Trainer.Core.Metrics;

/// <summary>Cosines for people: with as many decimals as tell them from the threshold beside which they stand.</summary>
/// <remarks>Gates whose cosines saturate would show 1.00 beside a threshold of 0.996 otherwise.</remarks>
public static class CosineText
{
    private const int Usual = 3;
    private const int Most = 6; // of what float32 holds

    /// <summary>One cosine.</summary>
    public static string Of(double cosine, double threshold) => Of(cosine, Decimals(threshold, [cosine], Usual));

    /// <summary>A cosine with so many decimals.</summary>
    public static string Of(double cosine, int decimals) => cosine.ToString($"f{decimals}", CultureInfo.InvariantCulture);

    /// <summary>The decimals at which none of the cosines reads as the threshold does, unless it is the same.</summary>
    /// <param name="least">Of decimals.</param>
    public static int Decimals(double threshold, IEnumerable<double> cosines, int least = Usual)
    {
        var others = cosines.Where(cosine => double.IsFinite(cosine) && cosine != threshold).ToArray();
        var decimals = least;
        while (decimals < Most && others.Any(cosine => Of(cosine, decimals) == Of(threshold, decimals)))
        {
            decimals++;
        }

        return decimals;
    }
}
