using System.Numerics;
using Trainer.Core.Samples.Painting;

namespace Trainer.Core.Samples.Scenes;

/// <summary>Patterns of cloth, tiles and prints.</summary>
internal static class Patterns
{
    /// <summary>Straight stripes at any angle.</summary>
    public static void Stripes(Svg svg, Dice dice)
    {
        var (one, other) = (Palette.Dyed(dice), Palette.Dyed(dice));
        svg.Fill(one);
        using (svg.Turned(dice.Between(0, 180), svg.Whole.Centre))
        {
            var period = dice.Between(6, 44);
            for (var x = -svg.Width; x < svg.Width * 2; x += period)
            {
                svg.Rect(new Box(x, -svg.Height, period * dice.Between(0.3, 0.6), svg.Height * 3), other);
            }
        }

        svg.Mottle(svg.Whole, Palette.Black.Faded(0.3), new(40, 40), dice.Seed());
    }

    /// <summary>Tiles or bricks with joints.</summary>
    public static void Tiles(Svg svg, Dice dice)
    {
        var colour = dice.Pick(Palette.Dyed(dice), Palette.Soil(dice));
        svg.Fill(Palette.Grey(dice));
        var height = dice.Between(14, 36);
        var width = height * dice.Pick(1, 2, 3);
        using var turned = svg.Turned(dice.Pick(0, 0, 45, dice.Between(-20, 20)), svg.Whole.Centre);
        for (var row = -4; row < 18; row++)
        {
            var shift = row % 2 == 0 ? 0 : width / 2;
            for (var x = shift - (width * 3); x < svg.Width + 60; x += width)
            {
                svg.Rect(new Box(x, row * height, width - 2, height - 2), Palette.Near(dice, colour), round: 1);
            }
        }
    }

    /// <summary>Geometric shapes at random places.</summary>
    public static void Shapes(Svg svg, Dice dice)
    {
        svg.Fill(Palette.Dyed(dice));
        for (var i = dice.Count(6, 24); i > 0; i--)
        {
            var (centre, size) = (dice.In(svg.Whole), svg.Side * dice.Between(0.05, 0.22));
            var box = new Box(centre.X - size, centre.Y - size, size * 2, size * 2);
            using var turned = svg.Turned(dice.Between(0, 90), centre);
            switch (dice.Count(0, 3))
            {
                case 0:
                    svg.Rect(box, Palette.Dyed(dice));
                    break;
                case 1:
                    svg.Polygon(Palette.Dyed(dice), box.At(0.5, 0), box.At(1, 0.9), box.At(0, 0.9));
                    break;
                case 2:
                    svg.Polygon(Palette.Dyed(dice), box.At(0.5, 0), box.At(1, 0.4), box.At(0.8, 1), box.At(0.2, 1), box.At(0, 0.4));
                    break;
                default:
                    svg.Circle(centre, size, Palette.Dyed(dice));
                    svg.Circle(centre, size * 0.6, Palette.Any(dice));
                    break;
            }
        }
    }

    /// <summary>A close-up of cloth, bark, wool or stone: only a texture.</summary>
    public static void Cloth(Svg svg, Dice dice)
    {
        var colour = dice.Pick(Palette.Dyed(dice), Palette.Wood(dice), Palette.Grey(dice));
        svg.Fill(svg.Along(svg.Whole.At(0, 0), svg.Whole.At(1, 1), colour.Lighter(0.06), colour.Darker(0.06)));
        var grain = new Vector2((float)dice.Between(3, 90), (float)dice.Between(3, 12));
        svg.Mottle(svg.Whole, colour.Darker(0.18), grain, dice.Seed(), octaves: 3);
        svg.Mottle(svg.Whole, colour.Lighter(0.16).Faded(0.7), dice.Chance(0.5) ? new(grain.Y, grain.X) : grain, dice.Seed());
    }
}
