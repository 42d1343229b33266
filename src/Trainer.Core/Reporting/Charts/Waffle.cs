using System.Globalization;
using System.Text;

namespace Trainer.Core.Reporting.Charts;

/// <summary>Draws a share as a hundred dots.</summary>
internal static class Waffle
{
    private const int Edge = 10;

    /// <summary>Draws the accepted share as filled dots and the rest as hollow dots.</summary>
    /// <remarks>If fewer than 1 of 100 are accepted, or fewer than 1 of 100 rejected, one dot is half filled.</remarks>
    /// <param name="share">0 to 1.</param>
    public static Html Of(double share, int colour)
    {
        var filled = Filled(share);
        var part = IsBetween(share) ? Html.Of($"<path class=\"part\" d=\"{Dots(filled, filled + 1)}\"/>") : Html.None;
        return Html.Of(
            $"""<svg class="waffle c{colour}" viewBox="0 0 100 100" aria-hidden="true"><path class="hollow" d="{Dots(filled, Edge * Edge)}"/><path class="full" d="{Dots(0, filled)}"/>{part}</svg>""");
    }

    /// <summary>True if the share rounds to 0 or 100 of 100 but is neither none nor all.</summary>
    internal static bool IsBetween(double share) => share is > 0 and < 1 && (int)Math.Round(100 * share) is 0 or Edge * Edge;

    /// <summary>How many of the hundred dots are fully filled.</summary>
    internal static int Filled(double share) => share switch
    {
        > 0 and < 1 => Math.Min((int)Math.Round(100 * share), 99),
        _ => share >= 1 ? 100 : 0, // NaN gives 0
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
