using System.Globalization;

namespace Trainer.Core.Metrics;

/// <summary>Writes cosines with enough decimals to tell them from the threshold that is shown beside them.</summary>
/// <remarks>With fewer decimals, a gate whose cosines are all near 1 would show 1.00 beside a threshold of 0.996.</remarks>
public static class CosineText
{
    private const int Usual = 3;
    private const int Most = 6; // float32 holds no more

    /// <summary>A cosine with enough decimals to tell it from the threshold.</summary>
    public static string Of(double cosine, double threshold) => Of(cosine, Decimals(threshold, [cosine], Usual));

    /// <summary>A cosine with a given number of decimals.</summary>
    public static string Of(double cosine, int decimals) => cosine.ToString($"f{decimals}", CultureInfo.InvariantCulture);

    /// <summary>The number of decimals at which every cosine that differs from the threshold also looks different.</summary>
    /// <param name="least">The smallest number of decimals.</param>
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
