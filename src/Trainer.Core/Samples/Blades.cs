using System.Numerics;
using Trainer.Core.Samples.Painting;

namespace Trainer.Core.Samples;

/// <summary>The leaf of a grass: long, narrow, tapered and bent, with a midrib and parallel veins.</summary>
internal static class Blades
{
    public static readonly LeafSort Sort = new(Draw, Crowd: 1.8);

    private const int Joints = 12;

    private static void Draw(Svg svg, Dice dice, Leaf leaf)
    {
        var width = leaf.Length * dice.Between(0.04, 0.1);
        var spine = Spine(leaf, Bend(dice, leaf.Angle));
        if (leaf.Far)
        {
            svg.Polygon(leaf.Colour, [.. Offset(spine, width, 1), .. Offset(spine, width, -1).Reverse()]);
            svg.Line(leaf.Colour.Lighter(0.14), 0.5, spine);
            return;
        }

        var colours = Colours(dice, leaf.Colour);
        svg.Polygon(svg.Along(spine[0], spine[^1], colours), Side(spine, width, 1));
        svg.Polygon(svg.Along(spine[0], spine[^1], Array.ConvertAll(colours, c => c.Darker(0.07))), Side(spine, width, -1));
        svg.Line(leaf.Colour.Lighter(0.18), Math.Max(0.5, width * 0.09), spine);
        for (var across = 0.3; across < 0.9 && width > 7; across += 0.3)
        {
            svg.Line(leaf.Colour.Darker(0.1).Faded(0.5), 0.5, Offset(spine, width * across, 1));
            svg.Line(leaf.Colour.Darker(0.14).Faded(0.5), 0.5, Offset(spine, width * across, -1));
        }

        if (dice.Chance(0.3))
        {
            Spot(svg, dice, spine, width, leaf.Colour.Opacity);
        }
    }

    /// <summary>Most blades droop to the side to which they lean; some are bent by wind.</summary>
    private static double Bend(Dice dice, double angle) =>
        dice.Chance(0.7) ? dice.Between(0.1, 1.7) * (Math.Cos(angle) < 0 ? -1 : 1) : dice.Between(-0.9, 0.9);

    /// <summary>The midrib: straight at the root, and increasingly bent towards the tip.</summary>
    private static Vector2[] Spine(Leaf leaf, double bend)
    {
        var points = new Vector2[Joints + 1];
        points[0] = leaf.Root;
        for (var i = 1; i <= Joints; i++)
        {
            var along = i / (double)Joints;
            points[i] = points[i - 1] + (Leaf.Direction(leaf.Angle + (bend * along * along)) * (float)(leaf.Length / Joints));
        }

        return points;
    }

    private static Vector2[] Side(Vector2[] spine, double width, int side) => [.. spine, .. Offset(spine, width, side).Reverse()];

    private static Vector2[] Offset(Vector2[] spine, double width, int side)
    {
        var points = new Vector2[spine.Length];
        for (var i = 0; i < spine.Length; i++)
        {
            var step = Vector2.Normalize(spine[Math.Min(i + 1, Joints)] - spine[Math.Max(i - 1, 0)]);
            points[i] = spine[i] + (new Vector2(-step.Y, step.X) * (float)(side * width / 2 * Profile(i / (double)Joints)));
        }

        return points;
    }

    /// <summary>Relative width along the blade: half at the sheath, full at a third of the length, then a long taper.</summary>
    private static double Profile(double along) =>
        (0.5 + (0.5 * Math.Sin(Math.Min(1, along * 3) * Math.PI / 2))) * Math.Pow(1 - along, 0.7);

    private static Colour[] Colours(Dice dice, Colour green)
    {
        var dry = new Colour(dice.Between(30, 52), dice.Between(0.3, 0.6), dice.Between(0.35, 0.6), green.Opacity);
        return dice.Count(0, 5) switch
        {
            0 => [green, green, green, dry],
            1 => [green, Palette.Near(dice, green), dry, dry.Darker(0.1)],
            _ => [green.Darker(0.05), green, green.Lighter(0.06)],
        };
    }

    /// <summary>Spots of a disease along the blade: brown with a pale centre, longer than wide.</summary>
    private static void Spot(Svg svg, Dice dice, Vector2[] spine, double width, double opacity)
    {
        for (var i = dice.Count(1, 5); i > 0; i--)
        {
            var joint = dice.Count(2, Joints - 3);
            var step = spine[joint + 1] - spine[joint];
            var degrees = Math.Atan2(step.Y, step.X) * 180 / Math.PI;
            using var turned = svg.Turned(degrees, spine[joint]);
            svg.Ellipse(spine[joint], dice.Around(width * 0.5, 0.4), width * 0.2, new Colour(25, 0.5, 0.25, 0.85 * opacity));
            svg.Ellipse(spine[joint], width * 0.2, width * 0.08, new Colour(45, 0.3, 0.7, 0.8 * opacity));
        }
    }
}
