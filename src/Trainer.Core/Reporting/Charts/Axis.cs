using System.Globalization;

namespace Trainer.Core.Reporting.Charts;

/// <summary>One axis of a chart.</summary>
/// <param name="Title">What is measured, with its unit.</param>
/// <param name="Format">Format of the tick labels.</param>
internal sealed record Axis(string Title, double Low, double High, IReadOnlyList<double> Ticks, string Format)
{
    /// <summary>An axis that covers the values, with ticks at round numbers.</summary>
    /// <param name="values">The values; those that aren't finite are ignored.</param>
    /// <param name="most">Approximate number of ticks.</param>
    public static Axis Over(string title, IEnumerable<double> values, int most = 5)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (low, high) = (finite.Min(), finite.Max());
        if (high - low < 1e-12)
        {
            (low, high) = (low - 0.5, high + 0.5);
        }

        var step = Step((high - low) / most);
        var (first, last) = (Math.Floor((low / step) + 1e-9), Math.Ceiling((high / step) - 1e-9));
        var ticks = Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step).ToArray();
        return new Axis(title, ticks[0], ticks[^1], ticks, $"0.{new string('#', Math.Clamp((int)Math.Ceiling(-Math.Log10(step)), 0, 9))}");
    }

    /// <summary>An axis from 0 to 1, labelled 0 to 100.</summary>
    public static Axis Percent(string title) => new(title, 0, 1, [0, 0.25, 0.5, 0.75, 1], "p0");

    /// <summary>The position of a value along the axis; 0 to 1 if it is within the axis.</summary>
    public double Share(double value) => (value - Low) / (High - Low);

    /// <summary>A tick's label.</summary>
    public string Label(double tick) => Format == "p0"
        ? (100 * tick).ToString("0", CultureInfo.InvariantCulture)
        : (tick + 0.0).ToString(Format, CultureInfo.InvariantCulture).Replace('-', '−');

    private static double Step(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
    }
}
