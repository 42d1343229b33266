using System.Numerics;
using Trainer.Core.Samples.Painting;

namespace Trainer.Core.Samples.Scenes;

/// <summary>Things in front of the same kinds of background as the leaves have.</summary>
internal static class Things
{
    /// <summary>Only the background.</summary>
    public static void Bare(Svg svg, Dice dice) => Backgrounds.Any(svg, dice);

    public static void Balls(Svg svg, Dice dice)
    {
        Backgrounds.Any(svg, dice);
        for (var i = dice.Count(1, 6); i > 0; i--)
        {
            var (centre, radius) = (dice.In(svg.Whole), svg.Side * dice.Between(0.08, 0.28));
            Shadow(svg, centre, radius, radius);
            svg.Circle(centre, radius, svg.Round(Palette.Dyed(dice)));
            if (dice.Chance(0.5))
            {
                using var turned = svg.Turned(dice.Between(0, 180), centre);
                svg.Ellipse(centre, radius * 0.98, radius * 0.16, Palette.White.Faded(0.7));
            }
        }
    }

    /// <summary>A heap of apples, lemons, limes or melons, with stalks.</summary>
    public static void Fruit(Svg svg, Dice dice)
    {
        Backgrounds.Any(svg, dice);
        var colour = Palette.Dyed(dice) with { Saturation = 0.6 };
        var size = svg.Side * dice.Between(0.1, 0.22);
        for (var i = dice.Count(3, 14); i > 0; i--)
        {
            var fruit = dice.In(new Box(svg.Width * 0.1, svg.Height * 0.25, svg.Width * 0.8, svg.Height * 0.65));
            Shadow(svg, fruit, size, size * 0.9);
            svg.Ellipse(fruit, dice.Around(size, 0.1), dice.Around(size * 0.95, 0.1), svg.Round(Palette.Near(dice, colour)));
            var top = fruit - new Vector2(0, (float)(size * 0.8));
            svg.Line(Palette.Soil(dice), size * 0.1, top, top + new Vector2((float)(size * dice.Between(-0.2, 0.2)), (float)(-size * 0.4)));
        }
    }

    public static void Stones(Svg svg, Dice dice)
    {
        Backgrounds.Any(svg, dice);
        var colour = dice.Pick(Palette.Grey(dice), Palette.Soil(dice), Palette.Green(dice));
        for (var i = dice.Count(5, 40); i > 0; i--)
        {
            var (centre, size) = (dice.In(svg.Whole), svg.Side * dice.Between(0.04, 0.16));
            var corners = new Vector2[9];
            for (var j = 0; j < corners.Length; j++)
            {
                corners[j] = centre + (Leaf.Direction(Math.Tau * j / corners.Length) * (float)dice.Around(size, 0.25));
            }

            var stone = Palette.Near(dice, colour);
            svg.Polygon(Palette.Black.Faded(0.4), Array.ConvertAll(corners, corner => corner + new Vector2(2, 4)));
            svg.Polygon(svg.Along(corners[6], corners[2], stone.Lighter(0.15), stone.Darker(0.15)), corners);
        }
    }

    /// <summary>Pencils, rods or tools: straight, of even width, with blunt ends.</summary>
    public static void Sticks(Svg svg, Dice dice)
    {
        Backgrounds.Any(svg, dice);
        var (angle, colour) = (dice.Between(0, 180), Palette.Dyed(dice));
        for (var i = dice.Count(2, 9); i > 0; i--)
        {
            var centre = dice.In(svg.Whole);
            var (length, width) = (svg.Side * dice.Between(0.4, 1.1), dice.Between(3, 13));
            var stick = new Box(centre.X - (length / 2), centre.Y - (width / 2), length, width);
            var paint = dice.Chance(0.6) ? Palette.Near(dice, colour) : Palette.Wood(dice);
            using var turned = svg.Turned(angle + dice.Between(-30, 30), centre);
            svg.Rect(stick with { Y = stick.Y + 4 }, Palette.Black.Faded(0.3));
            svg.Rect(stick, svg.Down(stick, paint.Lighter(0.15), paint, paint.Darker(0.15)));
            svg.Rect(stick with { Width = length * 0.1 }, Palette.Any(dice));
        }
    }

    /// <summary>Flowers: petals around a centre.</summary>
    public static void Flowers(Svg svg, Dice dice)
    {
        Backgrounds.Any(svg, dice);
        var colour = Palette.Any(dice).Lighter(0.12);
        for (var i = dice.Count(1, 8); i > 0; i--)
        {
            var (centre, radius) = (dice.In(svg.Whole), svg.Side * dice.Between(0.08, 0.3));
            var petals = dice.Count(5, 9);
            for (var petal = 0; petal < petals; petal++)
            {
                using var turned = svg.Turned((360.0 * petal / petals) + dice.Between(-6, 6), centre);
                svg.Ellipse(centre + new Vector2((float)(radius * 0.6), 0), radius * 0.45, radius * 0.28, Palette.Near(dice, colour));
            }

            svg.Circle(centre, radius * 0.28, svg.Round(new Colour(dice.Between(40, 100), 0.7, 0.5)));
        }
    }

    private static void Shadow(Svg svg, Vector2 centre, double width, double height) =>
        svg.Ellipse(centre + new Vector2(3, (float)(height * 0.25)), width, height * 0.95, Palette.Black.Faded(0.3));
}
