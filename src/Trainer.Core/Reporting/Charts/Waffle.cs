using System.Globalization;
using System.Text;

namespace Trainer.Core.Reporting.Charts;

/// <summary>A share as a hundred dots.</summary>
internal static class Waffle
{
    private const int Edge = 10;

    /// <summary>Filled dots for those that are accepted, hollow ones for the others.</summary>
    /// <remarks>Where fewer than 1 of 100 are accepted, or fewer than 1 rejected, one dot is half filled.</remarks>
    /// <param name="share">0 to 1.</param>
    public static Html Of(double share, int colour)
    {
        var filled = Filled(share);
        var part = IsBetween(share) ? Html.Of($"<path class=\"part\" d=\"{Dots(filled, filled + 1)}\"/>") : Html.None;
        return Html.Of($"""<svg class="waffle c{colour}" viewBox="0 0 100 100" aria-hidden="true"><path class="hollow" d="{Dots(filled, Edge * Edge)}"/><path class="full" d="{Dots(0, filled)}"/>{part}</svg>""");
    }

    /// <summary>True where the nearest hundredth would be none or all, and isn't quite.</summary>
    internal static bool IsBetween(double share) => share is > 0 and < 1 && (int)Math.Round(100 * share) is 0 or Edge * Edge;

    /// <summary>How many of the hundred are filled whole.</summary>
    internal static int Filled(double share) => share switch
    {
        > 0 and < 1 => Math.Min((int)Math.Round(100 * share), 99),
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
