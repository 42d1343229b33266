using System.Globalization;
using System.Numerics;
using System.Text;

namespace Trainer.Core.Samples.Painting;

/// <summary>An SVG drawing that is built up shape by shape; later shapes are drawn over earlier ones.</summary>
internal sealed class Svg(int width, int height)
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private readonly StringBuilder definitions = new();
    private readonly StringBuilder body = new();
    private int names;

    public Box Whole { get; } = new(0, 0, width, height);

    public double Width => Whole.Width;

    public double Height => Whole.Height;

    /// <summary>The shorter side, relative to which sizes in the picture are given.</summary>
    public double Side => Math.Min(Width, Height);

    public void Fill(Paint paint) => Rect(Whole, paint);

    public void Rect(Box box, Paint paint, double round = 0) => body.Append(Invariant,
        $"<rect x='{box.X:0.#}' y='{box.Y:0.#}' width='{box.Width:0.#}' height='{box.Height:0.#}' rx='{round:0.#}' fill='{paint}'/>");

    public void Ellipse(Vector2 centre, double radiusX, double radiusY, Paint paint) => body.Append(Invariant,
        $"<ellipse cx='{centre.X:0.#}' cy='{centre.Y:0.#}' rx='{radiusX:0.#}' ry='{radiusY:0.#}' fill='{paint}'/>");

    public void Circle(Vector2 centre, double radius, Paint paint) => Ellipse(centre, radius, radius, paint);

    public void Polygon(Paint paint, params ReadOnlySpan<Vector2> corners)
    {
        body.Append(Invariant, $"<path fill='{paint}' d='M");
        foreach (var corner in corners)
        {
            body.Append(Invariant, $"{corner.X:0.#} {corner.Y:0.#} ");
        }

        body.Append("Z'/>");
    }

    /// <summary>A smooth line from the first point to the last, which passes near the points between them.</summary>
    public void Line(Colour colour, double thickness, params ReadOnlySpan<Vector2> points)
    {
        body.Append(Invariant, $"<path fill='none' stroke='{colour}' stroke-width='{thickness:0.##}' stroke-linecap='round' d='");
        body.Append(Invariant, $"M{points[0].X:0.#} {points[0].Y:0.#}");
        for (var i = 1; i < points.Length - 1; i++)
        {
            var middle = (points[i] + points[i + 1]) / 2;
            body.Append(Invariant, $"Q{points[i].X:0.#} {points[i].Y:0.#} {middle.X:0.#} {middle.Y:0.#}");
        }

        body.Append(Invariant, $"L{points[^1].X:0.#} {points[^1].Y:0.#}'/>");
    }

    /// <summary>Covers a box with irregular patches of one colour and varying opacity, for soil, ripples, clouds, cloth or bark.</summary>
    /// <param name="box">The area to cover.</param>
    /// <param name="colour">The patches' colour; its opacity is that of the most opaque patches.</param>
    /// <param name="grain">Width and height of a patch, in pixels.</param>
    /// <param name="seed">Another seed gives other patches.</param>
    /// <param name="octaves">Each octave adds detail of half the size, and takes as much time as the first.</param>
    public void Mottle(Box box, Colour colour, Vector2 grain, int seed, int octaves = 2)
    {
        var name = NextName();
        var (red, green, blue) = colour.Rgb;
        definitions.Append(Invariant, $"<filter id='{name}' x='0' y='0' width='1' height='1' color-interpolation-filters='sRGB'>");
        definitions.Append(Invariant, $"<feTurbulence type='fractalNoise' numOctaves='{octaves}' seed='{seed}' ");
        definitions.Append(Invariant, $"baseFrequency='{1 / grain.X:0.####} {1 / grain.Y:0.####}'/><feColorMatrix values='");
        definitions.Append(Invariant, $"0 0 0 0 {red:0.###} 0 0 0 0 {green:0.###} 0 0 0 0 {blue:0.###} ");
        definitions.Append(Invariant, $"{4 * colour.Opacity:0.##} 0 0 0 {-1.6 * colour.Opacity:0.##}'/></filter>");
        body.Append(Invariant, $"<g filter='url(#{name})'>");
        Rect(box, Palette.White);
        body.Append("</g>");
    }

    /// <summary>A gradient from one point to another, through equally spaced colours.</summary>
    public Paint Along(Vector2 from, Vector2 to, params ReadOnlySpan<Colour> colours)
    {
        var name = NextName();
        definitions.Append(Invariant, $"<linearGradient id='{name}' gradientUnits='userSpaceOnUse' ");
        definitions.Append(Invariant, $"x1='{from.X:0.#}' y1='{from.Y:0.#}' x2='{to.X:0.#}' y2='{to.Y:0.#}'>");
        AppendStops(colours);
        definitions.Append("</linearGradient>");
        return new Paint($"url(#{name})");
    }

    /// <summary>A gradient from the top of the box to its bottom.</summary>
    public Paint Down(Box box, params ReadOnlySpan<Colour> colours) => Along(box.At(0, 0), box.At(0, 1), colours);

    /// <summary>A gradient from the left of the box to its right.</summary>
    public Paint Across(Box box, params ReadOnlySpan<Colour> colours) => Along(box.At(0, 0), box.At(1, 0), colours);

    /// <summary>A gradient that makes a disc look like a ball lit from the upper left.</summary>
    public Paint Round(Colour colour)
    {
        var name = NextName();
        definitions.Append(Invariant, $"<radialGradient id='{name}' cx='0.5' cy='0.5' r='0.6' fx='0.33' fy='0.3'>");
        AppendStops([colour.Lighter(0.22), colour, colour.Darker(0.2)]);
        definitions.Append("</radialGradient>");
        return new Paint($"url(#{name})");
    }

    /// <summary>Blurs everything that is drawn until the scope ends.</summary>
    public Scope Blurred(double radius)
    {
        var name = NextName();
        definitions.Append(Invariant, $"<filter id='{name}' filterUnits='userSpaceOnUse' x='-8' y='-8' ");
        definitions.Append(Invariant, $"width='{Width + 16}' height='{Height + 16}' color-interpolation-filters='sRGB'>");
        definitions.Append(Invariant, $"<feGaussianBlur stdDeviation='{radius:0.##}'/></filter>");
        return Open($"filter='url(#{name})'");
    }

    /// <summary>Rotates everything that is drawn until the scope ends, clockwise.</summary>
    public Scope Turned(double degrees, Vector2 about) =>
        Open(string.Create(Invariant, $"transform='rotate({degrees:0.#} {about.X:0.#} {about.Y:0.#})'"));

    /// <summary>The finished drawing.</summary>
    public override string ToString() => string.Create(Invariant,
        $"<svg xmlns='http://www.w3.org/2000/svg' width='{Width}' height='{Height}'><defs>{definitions}</defs>{body}</svg>");

    private Scope Open(string attribute)
    {
        body.Append(Invariant, $"<g {attribute}>");
        return new Scope(body);
    }

    private string NextName() => string.Create(Invariant, $"n{++names}");

    private void AppendStops(ReadOnlySpan<Colour> colours)
    {
        for (var i = 0; i < colours.Length; i++)
        {
            definitions.Append(Invariant, $"<stop offset='{i / (double)(colours.Length - 1):0.###}' stop-color='{colours[i]}'/>");
        }
    }

    /// <summary>Ends a group of shapes.</summary>
    public readonly ref struct Scope(StringBuilder body)
    {
        public void Dispose() => body.Append("</g>");
    }
}
