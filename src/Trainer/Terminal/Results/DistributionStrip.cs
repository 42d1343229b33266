using System.Globalization;
using Trainer.Core.Metrics;

namespace Trainer.Terminal.Results;

/// <summary>Both distributions of cosines over one axis in a single line. Lines below each other show how the two separate.</summary>
internal static class DistributionStrip
{
    private const double Low = -1, High = 1;

    /// <summary>
    /// The strip, with Spectre's markup. It marks the middle 90 % of each distribution, and more strongly the middle 50 %.
    /// </summary>
    /// <param name="cells">Width of the axis in cells.</param>
    public static string Of(Distribution normals, Distribution negatives, int cells)
    {
        var line = Enumerable.Range(0, cells).Select(i => Mark(Strength(normals, i, cells), Strength(negatives, i, cells)));
        return $"{Low.ToString("f0", CultureInfo.InvariantCulture)} {string.Concat(line)} "
            + $"{High.ToString("f0", CultureInfo.InvariantCulture)}";
    }

    /// <summary>2 within the middle half, 1 within the middle nine tenths, otherwise 0.</summary>
    private static int Strength(Distribution cosines, int cell, int cells)
    {
        bool Reaches(double from, double to) => At(from, cells) <= cell && cell <= At(to, cells);
        return cosines.Count == 0 ? 0
            : Reaches(cosines.Percentile25, cosines.Percentile75) ? 2
            : Reaches(cosines.Percentile5, cosines.Percentile95) ? 1
            : 0;
    }

    private static int At(double cosine, int cells) => Math.Clamp((int)((cosine - Low) / (High - Low) * cells), 0, cells - 1);

    /// <summary>The character for a cell. Shapes differ as well as colours, because not everybody can tell the colours apart.</summary>
    private static string Mark(int normal, int negative) => (normal, negative) switch
    {
        (0, 0) => "[grey]·[/]",
        (0, 1) => "[red]░[/]",
        (0, 2) => "[red]▒[/]",
        (1, 0) => "[green]▄[/]",
        (2, 0) => "[green]█[/]",
        _ => "[yellow]▚[/]",
    };
}
