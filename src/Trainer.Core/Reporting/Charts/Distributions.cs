using System.Globalization;
using System.Text;
using Trainer.Core.Metrics;

namespace Trainer.Core.Reporting.Charts;

/// <summary>One row of a chart of distributions.</summary>
/// <param name="Name">Name of the set whose cosines are shown.</param>
/// <param name="Note">Text next to the name.</param>
internal sealed record DistributionRow(string Name, string Note, float[] Cosines, int Colour, float Threshold);

/// <summary>Histograms of cosines below each other on the same axis, each with its threshold.</summary>
/// <remarks>
/// The axis is linear in the angle to the centroid, because cosines crowd near 1, where the gate decides. Its labels are cosines.
/// </remarks>
internal static class Distributions
{
    private const double BinDegrees = 2;
    private static readonly double[] Labels = [1, 0.98, 0.9, 0.75, 0.5, 0.25, 0, -0.25, -0.5, -0.75, -0.9, -1];

    /// <summary>The chart, with the same data as a table that can be opened.</summary>
    public static Html Of(IReadOnlyList<DistributionRow> rows)
    {
        const double Least = 30;
        var widest = rows.SelectMany(row => row.Cosines).Concat(rows.Select(row => row.Threshold)).Where(float.IsFinite).Select(Degrees)
            .Append(Least).Max() + BinDegrees;
        double Share(double degrees) => Math.Clamp(1 - (degrees / widest), 0, 1);
        return Html.Of(
            $"""
            <figure class="chart"><div class="rows" aria-hidden="true">{rows.Select(row => Row(row, Share, widest))}<div class="xlabels">{Labels.Where(cosine => Degrees((float)cosine) <= widest).Select(cosine => Label(cosine, Share))}</div></div>
            <div class="xtitle" aria-hidden="true">cosine to the centroid, spaced by angle</div>{Table(rows)}</figure>
            """);
    }

    private static double Degrees(float cosine) => double.RadiansToDegrees(Math.Acos(Math.Clamp(cosine, -1f, 1f)));

    private static Html Label(double cosine, Func<double, double> share) =>
        Html.Of(
            $"<span style=\"left:{100 * share(Degrees((float)cosine)):0.##}%\">{cosine.ToString("0.##", CultureInfo.InvariantCulture).Replace('-', '−')}</span>");

    private static Html Row(DistributionRow row, Func<double, double> share, double widest) => Html.Of(
        $"""
        <div class="row c{row.Colour}"><p><i class="swatch"></i><b>{row.Name}</b> <span>{row.Note}</span></p><div class="bars"><svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">{Bars(row, share, widest)}</svg><i class="cut" style="left:{100 * share(Degrees(row.Threshold)):0.##}%"><em>{Words.Figure(row.Threshold)}</em></i></div></div>
        """);

    /// <summary>Bins begin at the threshold, so that each bar is either accepted or rejected as a whole.</summary>
    private static Html Bars(DistributionRow row, Func<double, double> share, double widest)
    {
        var threshold = Degrees(row.Threshold);
        var inside = Math.Max((int)Math.Ceiling(threshold / BinDegrees), 1);
        var outside = Math.Max((int)Math.Ceiling((widest - threshold) / BinDegrees), 1);
        var counts = new int[inside + outside];
        foreach (var cosine in row.Cosines.Where(float.IsFinite))
        {
            var bin = inside + (int)Math.Floor((Degrees(cosine) - threshold) / BinDegrees);
            // Decided by the cosine as in the gate, whatever the rounding of the angle.
            counts[cosine >= row.Threshold ? Math.Clamp(bin, 0, inside - 1) : Math.Clamp(bin, inside, counts.Length - 1)]++;
        }

        var highest = Math.Max(counts.Max(), 1);
        return new Html(Path("accepted", 0, inside) + Path("rejected", inside, counts.Length));

        string Path(string style, int from, int to)
        {
            var path = new StringBuilder();
            for (var i = from; i < to; i++)
            {
                var nearer = threshold + ((i - inside) * BinDegrees);
                var (left, right) = (1000 * share(nearer + BinDegrees), 1000 * share(nearer));
                path.Append(counts[i] == 0 ? "" : string.Create(
                    CultureInfo.InvariantCulture,
                    $"M{left + 0.8:0.#} 100V{100 - (100.0 * counts[i] / highest):0.#}H{right - 0.8:0.#}V100Z"));
            }

            return $"<path class=\"{style}\" d=\"{path}\"/>";
        }
    }

    private static Html Table(IEnumerable<DistributionRow> rows) => Html.Of(
        $"""
        <details class="behind"><summary>As a table</summary><div class="scroll"><table><thead><tr><th scope="col">Set</th><th scope="col">Pictures</th><th scope="col">Mean</th><th scope="col">5 %</th><th scope="col">Median</th><th scope="col">95 %</th><th scope="col">Accepted</th></tr></thead><tbody>{rows.Select(TableRow)}</tbody></table></div></details>
        """);

    private static Html TableRow(DistributionRow row)
    {
        var d = Distribution.Of(row.Cosines);
        return Html.Of(
            $"<tr><th scope=\"row\">{row.Name}</th><td>{d.Count}</td><td>{Words.Figure(d.Mean)}</td><td>{Words.Figure(d.Percentile5)}</td><td>{Words.Figure(d.Median)}</td><td>{Words.Figure(d.Percentile95)}</td><td>{Words.Percent(AcceptRate.Of(row.Cosines, row.Threshold))}</td></tr>");
    }
}
