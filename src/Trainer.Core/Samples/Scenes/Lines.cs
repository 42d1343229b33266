using System.Numerics;
using Trainer.Core.Samples.Painting;

namespace Trainer.Core.Samples.Scenes;

/// <summary>Thin things that aren't leaves: fences, hair, cables, twigs and letters.</summary>
internal static class Lines
{
    /// <summary>Pickets or bars in front of any background.</summary>
    public static void Fence(Svg svg, Dice dice)
    {
        Backgrounds.Any(svg, dice);
        var paint = dice.Pick(Palette.Wood(dice), Palette.White, Palette.Dyed(dice));
        var (gap, top) = (dice.Between(14, 32), svg.Height * dice.Between(0.05, 0.35));
        var width = gap * dice.Between(0.2, 0.7);
        foreach (var rail in (ReadOnlySpan<double>)[0.45, 0.8])
        {
            svg.Rect(new Box(0, svg.Height * rail, svg.Width, 7), paint.Darker(0.1));
        }

        for (var x = dice.Between(0, gap); x < svg.Width; x += gap)
        {
            var picket = new Box(x, top, width, svg.Height);
            svg.Polygon(svg.Across(picket, paint.Lighter(0.06), paint.Darker(0.1)),
                picket.At(0, 0), picket.At(0.5, -0.04), picket.At(1, 0), picket.At(1, 1), picket.At(0, 1));
        }
    }

    /// <summary>Hair, fur or thread: many fine wavy lines of constant width.</summary>
    public static void Hair(Svg svg, Dice dice)
    {
        var colour = dice.Pick(Palette.Soil(dice), Palette.Wood(dice), Palette.Dyed(dice));
        svg.Fill(colour.Darker(0.1));
        using var turned = svg.Turned(dice.Between(0, 180), svg.Whole.Centre);
        var (wave, thickness) = (dice.Between(2, 22), dice.Between(0.6, 2.4));
        for (var i = 0; i < 150; i++)
        {
            var x = svg.Width * dice.Between(-0.3, 1.3);
            var points = new Vector2[8];
            for (var j = 0; j < points.Length; j++)
            {
                points[j] = new((float)(x + (wave * Math.Sin((j * 1.1) + (x * 0.03)))), (float)(svg.Height * ((j * 0.25) - 0.4)));
            }

            svg.Line(Palette.Near(dice, colour).Lighter(dice.Between(-0.12, 0.16)), thickness, points);
        }
    }

    /// <summary>Cables, ropes or hoses that hang between poles.</summary>
    public static void Cables(Svg svg, Dice dice)
    {
        Backgrounds.Any(svg, dice);
        var colour = dice.Pick(Palette.Black, Palette.Dyed(dice));
        for (var i = dice.Count(3, 10); i > 0; i--)
        {
            var (left, right) = (svg.Whole.At(-0.05, dice.Between(-0.1, 0.9)), svg.Whole.At(1.05, dice.Between(-0.1, 0.9)));
            var sag = new Vector2((float)dice.Between(-40, 40), (float)(svg.Height * dice.Between(0, 0.4)));
            var thickness = dice.Between(1, 6);
            svg.Line(colour.Darker(0.1), thickness, left, ((left + right) / 2) + sag, right);
            svg.Line(colour.Lighter(0.2), thickness * 0.3, left, ((left + right) / 2) + sag, right);
        }

        var pole = new Box(svg.Width * dice.Between(0.1, 0.9), 0, 9, svg.Height);
        svg.Rect(pole, svg.Across(pole, Palette.Wood(dice), Palette.Black));
    }

    /// <summary>Bare branches that fork.</summary>
    public static void Twigs(Svg svg, Dice dice)
    {
        Backgrounds.Any(svg, dice);
        var bark = dice.Pick(Palette.Soil(dice), Palette.Wood(dice), Palette.Green(dice));
        for (var i = dice.Count(1, 3); i > 0; i--)
        {
            var angle = (-Math.PI / 2) + dice.Between(-0.5, 0.5);
            Fork(svg, dice, bark, svg.Whole.At(dice.Between(0, 1), 1.05), angle, svg.Side * 0.32, depth: 5);
        }
    }

    /// <summary>A page, a poster or a screen with lines of writing.</summary>
    public static void Page(Svg svg, Dice dice)
    {
        var paper = dice.Pick(Palette.White, Palette.Dyed(dice).Lighter(0.15), Palette.Dyed(dice));
        svg.Fill(Palette.Dyed(dice));
        using var turned = svg.Turned(dice.Between(-15, 15), svg.Whole.Centre);
        var page = new Box(svg.Width * 0.08, svg.Height * 0.06, svg.Width * 0.84, svg.Height * 0.9);
        svg.Rect(page, svg.Down(page, paper, paper.Darker(0.06)));
        var ink = paper.Lightness > 0.5 ? Palette.Black : Palette.White;
        Word(svg, dice, page.At(0.1, 0.1), page.Width * 0.5, 13, dice.Pick(ink, Palette.Any(dice)));
        for (var row = 0.22; row < 0.92; row += dice.Between(0.055, 0.08))
        {
            Word(svg, dice, page.At(0.1, row), page.Width * dice.Between(0.5, 0.8), 5, ink);
        }
    }

    /// <summary>Strokes that look like writing from a distance. They need no font, which could differ between machines.</summary>
    public static void Word(Svg svg, Dice dice, Vector2 start, double length, double height, Colour ink)
    {
        for (var x = 0.0; x < length; x += height * dice.Between(0.5, 0.75))
        {
            if (dice.Chance(0.15))
            {
                continue;
            }

            Vector2 At(double right, double down) => start + new Vector2((float)(x + (right * height)), (float)(down * height));
            svg.Line(ink, height * 0.14, At(0, dice.Between(-0.3, 0.2)), At(dice.Between(-0.1, 0.1), 1));
            svg.Line(ink, height * 0.14, At(0, dice.Pick(0.1, 0.5, 0.95)), At(0.3, dice.Between(0, 0.3)), At(0.35, dice.Between(0.3, 1)));
        }
    }

    private static void Fork(Svg svg, Dice dice, Colour bark, Vector2 from, double angle, double length, int depth)
    {
        var to = from + (Leaf.Direction(angle) * (float)length);
        var bow = new Vector2((float)dice.Between(-4, 4), 0);
        svg.Line(Palette.Near(dice, bark), 0.7 * Math.Pow(1.6, depth), from, ((from + to) / 2) + bow, to);
        for (var i = depth > 1 ? dice.Count(2, 3) : 0; i > 0; i--)
        {
            Fork(svg, dice, bark, to, angle + dice.Between(-0.8, 0.8), dice.Around(length * 0.72, 0.2), depth - 1);
        }
    }
}
