using Trainer.Core.Metrics;

namespace Trainer.Core.Reporting.Charts;

/// <summary>The data of one ROC curve.</summary>
/// <param name="Threshold">The gate's threshold, marked on the curve.</param>
internal sealed record RocLine(string Name, float[] Normals, float[] Negatives, float Threshold, int Colour);

/// <summary>ROC curves: for every threshold, the accepted photos of the subject against the accepted negatives.</summary>
internal static class Roc
{
    /// <summary>The curves, each with a dot at the gate's threshold, and the areas under them.</summary>
    public static Html Of(IReadOnlyList<RocLine> lines)
    {
        var plot = new Plot(Axis.Percent("let through, of 100 negatives"), Axis.Percent("accepted, of 100 of the subject"));
        plot.Line([(0, 0), (1, 1)], 0, "chance");
        foreach (var line in lines)
        {
            plot.Line(RocCurve.Of(line.Normals, line.Negatives).Select(point => (point.FalseAcceptRate, point.AcceptRate)), line.Colour);
        }

        foreach (var line in lines)
        {
            plot.Dot(AcceptRate.Of(line.Negatives, line.Threshold), AcceptRate.Of(line.Normals, line.Threshold), line.Colour);
        }

        return Html.Of(
            $"""
            <figure class="chart">{plot.ToHtml("square")}<figcaption><ul class="legend">{lines.Select(line => Html.Of($"<li class=\"c{line.Colour}\">{Key(line.Colour)}{line.Name} <b>{Words.Figure(Auroc.Of(line.Normals, line.Negatives))}</b></li>"))}</ul><p>The number is the area under the curve (AUROC): how often a photo of the subject has a higher cosine than one of the set. 0.5 is chance, 1 is perfect. The dots mark the gate's threshold.</p></figcaption></figure>
            """);
    }

    /// <summary>A short sample of a line for the legend.</summary>
    public static Html Key(int colour) =>
        Html.Of($"""<svg class="key" viewBox="0 0 28 8" aria-hidden="true"><path class="line c{colour}" d="M0 4H28"/></svg>""");
}
