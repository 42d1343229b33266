using System.Globalization;
using System.Text;

namespace Trainer.Core.Reporting.Charts;

/// <summary>A share as a hundred dots.</summary>
internal static class Waffle
{
    private const int Edge = 10;

    /// <summary>Filled dots for those that are accepted, hollow ones for the others.</summary>
    /// <remarks>Of a share that isn't quite none or all, at least one dot shows it.</remarks>
    /// <param name="share">0 to 1.</param>
    public static Html Of(double share, int colour)
    {
        var filled = Filled(share);
        return Html.Of($"""<svg class="waffle c{colour}" viewBox="0 0 100 100" aria-hidden="true"><path class="hollow" d="{Dots(filled, Edge * Edge)}"/><path class="full" d="{Dots(0, filled)}"/></svg>""");
    }

    /// <summary>How many of the hundred are filled.</summary>
    internal static int Filled(double share) => share switch
    {
        > 0 and < 1 => Math.Clamp((int)Math.Round(100 * share), 1, 99),
        _ => share >= 1 ? 100 : 0, // not-a-number as well
    };

    private static string Dots(int from, int to)
    {
        var path = new StringBuilder();
        for (var i = from; i < to; i++)
        {
            path.Append(CultureInfo.InvariantCulture, $"M{(i % Edge * 10) + 5} {(i / Edge * 10) + 5}h.01");
        }

        return path.ToString();
    }
}
