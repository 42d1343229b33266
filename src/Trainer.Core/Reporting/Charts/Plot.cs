using System.Globalization;
using System.Text;

namespace Trainer.Core.Reporting.Charts;

/// <summary>
/// A plot of lines over two axes. The drawing stretches with the page. Text and strokes keep their size, because they aren't part of the
/// drawing.
/// </summary>
internal sealed class Plot(Axis x, Axis y)
{
    private const double Size = 1000; // width and height in the drawing's own units
    private const double Finest = 0.5;

    private readonly StringBuilder shapes = new();

    /// <summary>Draws a line, which is interrupted where a value isn't finite.</summary>
    /// <param name="colour">Index of the colour, from 0; each colour also has its own dash pattern.</param>
    public void Line(IEnumerable<(double X, double Y)> points, int colour, string style = "line") =>
        shapes.Append(CultureInfo.InvariantCulture, $"<path class=\"{style} c{colour}\" d=\"{Path(points)}\"/>");

    /// <summary>Fills the area between two lines over the same x.</summary>
    public void Band(IReadOnlyList<(double X, double Low, double High)> points, int colour)
    {
        var finite = points.Where(p => double.IsFinite(p.Low) && double.IsFinite(p.High)).ToArray();
        var edge = finite.Select(p => (p.X, p.High)).Concat(finite.Reverse().Select(p => (p.X, p.Low)));
        shapes.Append(CultureInfo.InvariantCulture, $"<path class=\"band c{colour}\" d=\"{Path(edge)}Z\"/>");
    }

    /// <summary>Draws a dot, which stays round when the drawing is stretched.</summary>
    public void Dot(double atX, double atY, int colour, string style = "dot")
    {
        if (double.IsFinite(atX) && double.IsFinite(atY))
        {
            shapes.Append(CultureInfo.InvariantCulture, $"<path class=\"{style} c{colour}\" d=\"{Path([(atX, atY)])}h.01\"/>");
        }
    }

    /// <summary>Draws a vertical line from bottom to top.</summary>
    public void Upright(double atX, string style) =>
        shapes.Append(CultureInfo.InvariantCulture, $"<path class=\"{style}\" d=\"{Path([(atX, y.Low), (atX, y.High)])}\"/>");

    /// <summary>The plot's markup. It is hidden from screen readers, so the page must also say in text what it shows.</summary>
    /// <param name="shape">CSS class that sets the height.</param>
    public Html ToHtml(string shape) => Html.Of(
        $"""
        <div class="plot {shape}" aria-hidden="true"><div class="ytitle">{y.Title}</div><div class="ylabels">{y.Ticks.Select(tick => Tick("bottom", y, tick))}</div><svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">{Grid()}{new Html(shapes.ToString())}</svg><div class="xlabels">{x.Ticks.Select(tick => Tick("left", x, tick))}</div><div class="xtitle">{x.Title}</div></div>
        """);

    private static Html Tick(string side, Axis axis, double tick) =>
        Html.Of($"<span style=\"{side}:{100 * axis.Share(tick):0.##}%\">{axis.Label(tick)}</span>");

    private Html Grid() =>
        Html.All(y.Ticks.Select(tick => Html.Of($"<path class=\"grid\" d=\"{Path([(x.Low, tick), (x.High, tick)])}\"/>")));

    private string Path(IEnumerable<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        (double X, double Y)? last = null;
        foreach (var (atX, atY) in points)
        {
            if (!double.IsFinite(atX) || !double.IsFinite(atY))
            {
                last = null;
                continue;
            }

            var here = (X: Size * x.Share(atX), Y: Size * (1 - y.Share(atY)));
            if (last is { } before && Math.Abs(before.X - here.X) < Finest && Math.Abs(before.Y - here.Y) < Finest)
            {
                continue;
            }

            path.Append(CultureInfo.InvariantCulture, $"{(last is null ? 'M' : 'L')}{here.X:0.#} {here.Y:0.#}");
            last = here;
        }

        return path.ToString();
    }
}
