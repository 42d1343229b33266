using System.Numerics;
using Trainer.Core.Samples.Painting;

namespace Trainer.Core.Samples;

/// <summary>
/// Backgrounds of leaves and of other things. As outdoors, a green background is a hint, but no background reveals what is shown.
/// </summary>
internal static class Backgrounds
{
    private static readonly Action<Svg, Dice>[] BehindLeaves =
        [BlurredGreen, BlurredGreen, BlurredGreen, BlurredGreen, BlurredGreen, BlurredGreen, Soil, Water, Sky, Hand];

    private static readonly Action<Svg, Dice>[] BehindThings =
        [Soil, Soil, Water, Water, Sky, Sky, Paper, Hand, Yard, OutOfFocus];

    /// <summary>Draws a random background for leaves.</summary>
    public static void OfLeaves(Svg svg, Dice dice) => dice.Pick(BehindLeaves)(svg, dice);

    /// <summary>Draws a random background for other things.</summary>
    public static void Any(Svg svg, Dice dice) => dice.Pick(BehindThings)(svg, dice);

    private static void Soil(Svg svg, Dice dice)
    {
        var soil = Palette.Soil(dice);
        svg.Fill(soil);
        svg.Mottle(svg.Whole, soil.Darker(0.14), new(30, 20), dice.Seed(), octaves: 3);
        svg.Mottle(svg.Whole, soil.Lighter(0.2).Faded(0.5), new(5, 4), dice.Seed(), octaves: 1);
    }

    private static void Water(Svg svg, Dice dice)
    {
        var water = Palette.Water(dice);
        svg.Fill(svg.Down(svg.Whole, water.Lighter(dice.Between(0, 0.3)), water));
        svg.Mottle(svg.Whole, Palette.Sky(dice).Faded(0.7), new(60, 9), dice.Seed());
        svg.Mottle(svg.Whole, water.Darker(0.15).Faded(0.6), new(30, 6), dice.Seed(), octaves: 1);
    }

    private static void Sky(Svg svg, Dice dice)
    {
        var sky = Palette.Sky(dice);
        svg.Fill(svg.Down(svg.Whole, sky.Darker(0.12), sky, sky.Lighter(0.1)));
        svg.Mottle(svg.Whole, Palette.White.Faded(dice.Between(0, 0.9)), new(90, 40), dice.Seed(), octaves: 3);
    }

    private static void BlurredGreen(Svg svg, Dice dice)
    {
        var green = Palette.Green(dice);
        svg.Fill(green.Darker(0.08));
        using var blurred = svg.Blurred(dice.Between(5, 9));
        for (var i = 0; i < 26; i++)
        {
            var patch = Palette.Near(dice, green).Lighter(dice.Between(-0.15, 0.2));
            svg.Ellipse(dice.In(svg.Whole), dice.Between(4, 16), dice.Between(8, 40), patch);
        }
    }

    private static void Paper(Svg svg, Dice dice)
    {
        var paper = Palette.Grey(dice).Lighter(0.25);
        svg.Fill(svg.Along(svg.Whole.At(0, 0), svg.Whole.At(1, dice.Between(0, 1)), paper, paper.Darker(dice.Between(0.05, 0.25))));
        svg.Mottle(svg.Whole, paper.Darker(0.1).Faded(0.3), new(6, 6), dice.Seed());
    }

    private static void Hand(Svg svg, Dice dice)
    {
        Paper(svg, dice);
        var skin = Palette.Skin(dice);
        using var turned = svg.Turned(dice.Between(-60, 60), svg.Whole.Centre);
        using var soft = svg.Blurred(1.2);
        var finger = svg.Side * dice.Between(0.17, 0.26);
        for (var i = 0; i < 4; i++)
        {
            var top = svg.Height * dice.Between(-0.2, 0.15);
            var box = new Box((svg.Width / 2) + ((i - 2) * finger), top, finger, svg.Height * 1.4);
            svg.Rect(box, svg.Across(box, skin.Darker(0.14), skin.Lighter(0.06), skin.Darker(0.06)), finger / 2);
        }
    }

    /// <summary>A horizon: sky above, earth, water or grass below.</summary>
    private static void Yard(Svg svg, Dice dice)
    {
        Sky(svg, dice);
        var y = svg.Height * dice.Between(0.25, 0.6);
        var ground = dice.Pick(Palette.Soil(dice), Palette.Green(dice), Palette.Water(dice));
        using (svg.Blurred(3))
        {
            for (var x = 0.0; x < svg.Width; x += 18)
            {
                var bush = Palette.Near(dice, ground).Darker(0.1);
                svg.Ellipse(new Vector2((float)x, (float)y), dice.Between(10, 24), dice.Between(3, 22), bush);
            }
        }

        var box = new Box(0, y, svg.Width, svg.Height - y);
        svg.Rect(box, svg.Down(box, ground.Lighter(0.06), ground.Darker(0.06)));
        svg.Mottle(box, ground.Darker(0.15).Faded(0.8), new(20, 7), dice.Seed());
    }

    /// <summary>Large soft discs of colour, like lights out of focus.</summary>
    private static void OutOfFocus(Svg svg, Dice dice)
    {
        var colour = Palette.Dyed(dice);
        svg.Fill(svg.Down(svg.Whole, colour, Palette.Any(dice).Darker(0.1)));
        using var blurred = svg.Blurred(dice.Between(2, 7));
        for (var i = 0; i < 14; i++)
        {
            svg.Circle(dice.In(svg.Whole), dice.Between(8, 34), dice.Pick(colour, Palette.Any(dice)).Faded(0.55));
        }
    }
}
