using System.Numerics;
using Trainer.Core.Samples.Painting;

namespace Trainer.Core.Samples;

/// <summary>The leaves of weeds, trees and vegetables: ovate, heart-shaped, lobed or round, on a stalk, with branching veins.</summary>
internal static class BroadLeaves
{
    public static readonly LeafSort Sort = new(Draw, Crowd: 1);

    private const int Steps = 24;
    private const double StalkShare = 0.3;

    private enum Form
    {
        Ovate,
        Heart,
        Lobed,
        Round,
    }

    private static void Draw(Svg svg, Dice dice, Leaf leaf)
    {
        var axis = Leaf.Direction(leaf.Angle) * (float)(leaf.Length * (1 - StalkShare));
        var across = new Vector2(-axis.Y, axis.X) * (float)dice.Between(0.55, 1.05);
        var foot = leaf.Root + (Leaf.Direction(leaf.Angle) * (float)(leaf.Length * StalkShare));
        var form = dice.Pick(Enum.GetValues<Form>());
        var teeth = dice.Chance(0.4) ? dice.Between(0.04, 0.1) : 0;
        var green = leaf.Colour;

        svg.Line(green.Darker(0.04), Math.Max(1, leaf.Length * 0.02), leaf.Root, foot);
        if (leaf.Far)
        {
            svg.Polygon(green, [.. Edge(form, teeth, foot, axis, across), .. Edge(form, teeth, foot, axis, -across).Reverse()]);
            svg.Line(green.Lighter(0.14), 0.5, foot, foot + axis);
            return;
        }

        svg.Polygon(svg.Along(foot, foot + axis, green.Darker(0.04), green.Lighter(0.05)), Edge(form, teeth, foot, axis, across));
        svg.Polygon(svg.Along(foot, foot + axis, green.Darker(0.1), green.Darker(0.02)), Edge(form, teeth, foot, axis, -across));
        Veins(svg, form, foot, axis, across, green.Lighter(0.16), leaf.Length);
        if (dice.Chance(0.3))
        {
            Spots(svg, dice, foot, axis, across, leaf);
        }
    }

    /// <summary>One half of the outline, from the foot to the tip.</summary>
    private static Vector2[] Edge(Form form, double teeth, Vector2 foot, Vector2 axis, Vector2 across)
    {
        var points = new Vector2[Steps + 2];
        points[0] = foot;
        for (var i = 0; i <= Steps; i++)
        {
            var (along, aside) = Outline(form, i / (double)Steps);
            var tooth = i % 2 == 0 ? 1 - teeth : 1 + teeth;
            points[i + 1] = foot + (axis * (float)along) + (across * (float)(aside * tooth));
        }

        return points;
    }

    /// <summary>
    /// The outline's point at a share of its length, as (position along the axis, half the width), relative to the leaf's length.
    /// </summary>
    private static (double Along, double Aside) Outline(Form form, double way) => form switch
    {
        Form.Ovate => (way, 0.36 * Math.Sin(Math.PI * Math.Pow(way, 0.75))),
        Form.Heart => (way - (0.16 * Math.Sin(Math.PI * Math.Min(1, way * 2.2))), 0.46 * Math.Sin(Math.PI * Math.Pow(way, 0.6))),
        Form.Lobed => (way, (0.2 + (0.28 * Math.Abs(Math.Sin(3 * Math.PI * way)))) * Math.Sin(Math.PI * Math.Pow(way, 0.7))),
        _ => (0.5 - (0.5 * Math.Cos(Math.PI * way)), 0.5 * Math.Sin(Math.PI * way)),
    };

    private static void Veins(Svg svg, Form form, Vector2 foot, Vector2 axis, Vector2 across, Colour colour, double length)
    {
        var thickness = Math.Max(0.5, length * 0.012);
        svg.Line(colour, thickness, foot, foot + (axis * 0.97f));
        for (var start = 0.12; start < 0.8; start += 0.15)
        {
            var (along, aside) = Outline(form, Math.Min(0.95, start + 0.2));
            var tip = new Vector2((float)along, (float)aside * 0.85f);
            foreach (var side in (ReadOnlySpan<int>)[-1, 1])
            {
                svg.Line(colour.Faded(0.8 * colour.Opacity), thickness * 0.6,
                    foot + (axis * (float)start),
                    foot + (axis * (float)((start + along) / 2)) + (across * (tip.Y * side * 0.6f)),
                    foot + (axis * tip.X) + (across * (tip.Y * side)));
            }
        }
    }

    private static void Spots(Svg svg, Dice dice, Vector2 foot, Vector2 axis, Vector2 across, Leaf leaf)
    {
        for (var i = dice.Count(2, 7); i > 0; i--)
        {
            var spot = foot + (axis * (float)dice.Between(0.2, 0.8)) + (across * (float)dice.Between(-0.22, 0.22));
            var radius = leaf.Length * dice.Between(0.008, 0.03);
            svg.Circle(spot, radius, new Colour(25, 0.5, 0.25, 0.85 * leaf.Colour.Opacity));
            svg.Circle(spot, radius * 0.4, new Colour(45, 0.3, 0.7, 0.8 * leaf.Colour.Opacity));
        }
    }
}
