using System.Numerics;
using Trainer.Core.Samples.Painting;

namespace Trainer.Core.Samples.Scenes;

/// <summary>Meadows, woods, mountains, the sea and the sky: green pictures without separate leaves.</summary>
internal static class Landscapes
{
    /// <summary>Green hills, mown short.</summary>
    public static void Meadow(Svg svg, Dice dice)
    {
        Sky(svg, dice);
        var green = Palette.Green(dice);
        for (var far = dice.Between(0.2, 0.45); far < 1; far += dice.Between(0.15, 0.3))
        {
            Ridge(svg, dice, far, 0.06, Palette.Near(dice, green).Lighter(0.15 * (0.6 - far)));
        }

        var ground = new Box(0, svg.Height * 0.5, svg.Width, svg.Height * 0.5);
        svg.Mottle(ground, green.Darker(0.1).Faded(0.5), new(16, 5), dice.Seed());
        for (var i = dice.Count(0, 4); i > 0; i--)
        {
            Tree(svg, dice, svg.Whole.At(dice.Between(0, 1), dice.Between(0.45, 0.7)), svg.Side * dice.Between(0.12, 0.35));
        }
    }

    /// <summary>Trees side by side, drawn as trunks and blobs of leaves.</summary>
    public static void Wood(Svg svg, Dice dice)
    {
        Sky(svg, dice);
        var ground = new Box(0, svg.Height * dice.Between(0.5, 0.8), svg.Width, svg.Height);
        svg.Rect(ground, dice.Pick(Palette.Green(dice), Palette.Soil(dice)));
        for (var i = dice.Count(6, 12); i > 0; i--)
        {
            var foot = new Vector2((float)(svg.Width * dice.Between(0, 1)), (float)(ground.Y + dice.Between(0, 25)));
            Tree(svg, dice, foot, svg.Side * dice.Between(0.4, 0.8));
        }

        svg.Mottle(svg.Whole, Palette.Black.Faded(0.35), new(9, 9), dice.Seed());
    }

    /// <summary>Mountains with snow on their peaks, paler in the distance.</summary>
    public static void Mountains(Svg svg, Dice dice)
    {
        Sky(svg, dice);
        var rock = dice.Pick(Palette.Grey(dice), Palette.Green(dice), Palette.Soil(dice)) with { Lightness = 0.55 };
        for (var i = dice.Count(2, 4); i > 0; i--)
        {
            var peak = svg.Whole.At(dice.Between(0, 1), dice.Between(0.1, 0.4));
            var half = svg.Width * dice.Between(0.3, 0.6);
            var mountain = new Box(peak.X - half, peak.Y, half * 2, svg.Height - peak.Y);
            svg.Polygon(rock, peak, mountain.At(0, 1), mountain.At(1, 1));
            svg.Polygon(rock.Darker(0.13), peak, mountain.At(0.6, 1), mountain.At(1, 1));
            svg.Polygon(Palette.White, peak, mountain.At(0.42, 0.16), mountain.At(0.5, 0.11), mountain.At(0.58, 0.16));
            rock = rock.Darker(0.08);
        }

        Ridge(svg, dice, dice.Between(0.65, 0.85), 0.05, Palette.Green(dice));
        svg.Mottle(svg.Whole, Palette.Black.Faded(0.25), new(12, 16), dice.Seed(), octaves: 3);
    }

    /// <summary>Water to the horizon, a beach, perhaps a boat.</summary>
    public static void Sea(Svg svg, Dice dice)
    {
        Sky(svg, dice);
        var sea = new Box(0, svg.Height * dice.Between(0.35, 0.6), svg.Width, svg.Height);
        var water = Palette.Water(dice);
        svg.Rect(sea, svg.Down(svg.Whole, water.Darker(0.08), water.Lighter(0.12)));
        svg.Mottle(sea, Palette.White.Faded(0.7), new(50, 5), dice.Seed());
        if (dice.Chance(0.5))
        {
            Ridge(svg, dice, dice.Between(0.75, 0.9), 0.04, new Colour(dice.Between(35, 48), 0.45, 0.7));
        }

        var length = svg.Side * dice.Between(0.1, 0.4);
        var hull = new Box(svg.Width * dice.Between(0.1, 0.6), sea.Y + (svg.Height * 0.06), length, length * 0.2);
        svg.Polygon(Palette.Dyed(dice), hull.At(0, 0), hull.At(1, 0), hull.At(0.85, 1), hull.At(0.15, 1));
        svg.Polygon(dice.Pick(Palette.White, Palette.Dyed(dice)), hull.At(0.5, -0.2), hull.At(0.5, -5), hull.At(1, -0.2));
    }

    /// <summary>Nothing but sky, perhaps a kite or a balloon.</summary>
    public static void Clouds(Svg svg, Dice dice)
    {
        Sky(svg, dice);
        using (svg.Blurred(dice.Between(2, 5)))
        {
            for (var i = dice.Count(10, 30); i > 0; i--)
            {
                var cloud = Palette.White.Darker(dice.Between(0, 0.15)).Faded(0.6);
                svg.Ellipse(dice.In(svg.Whole), dice.Between(10, 45), dice.Between(5, 16), cloud);
            }
        }

        var balloon = dice.In(svg.Whole);
        var size = svg.Side * dice.Between(0.08, 0.35);
        svg.Ellipse(balloon, size * 0.8, size, svg.Round(Palette.Dyed(dice)));
        svg.Rect(new Box(balloon.X - (size * 0.15), balloon.Y + (size * 1.15), size * 0.3, size * 0.25), Palette.Wood(dice));
    }

    /// <summary>A trunk and a crown of blobs.</summary>
    public static void Tree(Svg svg, Dice dice, Vector2 foot, double height)
    {
        var green = Palette.Green(dice).Darker(0.05);
        svg.Rect(new Box(foot.X - (height * 0.04), foot.Y - (height * 0.5), height * 0.08, height * 0.5), Palette.Soil(dice));
        for (var i = 0; i < 12; i++)
        {
            var blob = foot + new Vector2((float)(height * dice.Between(-0.25, 0.25)), (float)(height * dice.Between(-0.95, -0.45)));
            svg.Circle(blob, height * dice.Between(0.08, 0.18), Palette.Near(dice, green).Lighter(0.008 * i));
        }
    }

    private static void Sky(Svg svg, Dice dice)
    {
        var sky = Palette.Sky(dice);
        svg.Fill(svg.Down(svg.Whole, sky.Darker(0.1), sky.Lighter(0.08)));
        svg.Mottle(svg.Whole, Palette.White.Faded(dice.Between(0, 0.8)), new(80, 30), dice.Seed());
    }

    /// <summary>Fills the picture from a wavy edge, at this share of the height, down to the bottom.</summary>
    private static void Ridge(Svg svg, Dice dice, double height, double wave, Colour colour)
    {
        var (phase, waves) = (dice.Between(0, Math.Tau), dice.Between(3, 9));
        var points = new Vector2[23];
        for (var i = 0; i <= 20; i++)
        {
            points[i] = svg.Whole.At(i / 20.0, height + (wave * Math.Sin(phase + (waves * i / 20.0))));
        }

        (points[21], points[22]) = (svg.Whole.At(1, 1), svg.Whole.At(0, 1));
        svg.Polygon(svg.Down(svg.Whole, colour.Lighter(0.08), colour.Darker(0.06)), points);
    }
}
