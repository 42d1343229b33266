using System.Numerics;
using Trainer.Core.Samples.Painting;

namespace Trainer.Core.Samples.Scenes;

/// <summary>People and animals, drawn mostly as ellipses.</summary>
internal static class Creatures
{
    /// <summary>Head and shoulders.</summary>
    public static void Portrait(Svg svg, Dice dice)
    {
        Backgrounds.Any(svg, dice);
        var (skin, hair, cloth) = (Palette.Skin(dice), Palette.Soil(dice).Darker(0.08), Palette.Dyed(dice));
        var size = svg.Side * dice.Between(0.18, 0.34);
        var head = svg.Whole.At(dice.Between(0.35, 0.65), dice.Between(0.38, 0.5));
        Vector2 At(double x, double y) => head + new Vector2((float)(x * size), (float)(y * size));

        svg.Ellipse(At(0, 2.4), size * 1.9, size * 1.3, svg.Round(cloth));
        svg.Rect(new Box(head.X - (size * 0.3), head.Y, size * 0.6, size * 1.4), skin.Darker(0.08));
        svg.Ellipse(At(0, -0.25), size * 0.92, size * 1.12, hair);
        svg.Ellipse(At(0, 0.08), size * 0.78, size, svg.Round(skin));
        svg.Ellipse(At(0, -0.75), size * 0.7, size * 0.3, hair);
        foreach (var side in (ReadOnlySpan<double>)[-0.3, 0.3])
        {
            svg.Ellipse(At(side, 0), size * 0.14, size * 0.08, Palette.White);
            svg.Circle(At(side, 0), size * 0.07, Palette.Black);
            svg.Line(hair, size * 0.06, At(side - 0.16, -0.2), At(side, -0.26), At(side + 0.16, -0.2));
        }

        svg.Line(skin.Darker(0.15), size * 0.06, At(0, 0.05), At(0.08, 0.3), At(-0.05, 0.34));
        svg.Line(new Colour(355, 0.5, 0.4), size * 0.09, At(-0.25, 0.58), At(0, dice.Between(0.52, 0.72)), At(0.25, 0.58));
    }

    /// <summary>A cat, dog or sheep: body, head, ears, four legs and a tail.</summary>
    public static void Pet(Svg svg, Dice dice)
    {
        Backgrounds.Any(svg, dice);
        var fur = dice.Pick(Palette.Soil(dice), Palette.Wood(dice), Palette.Grey(dice));
        var size = svg.Side * dice.Between(0.2, 0.3);
        var body = svg.Whole.At(dice.Between(0.4, 0.6), dice.Between(0.5, 0.65));
        var ahead = dice.Pick(-1, 1);
        Vector2 At(double x, double y) => body + new Vector2((float)(x * size * ahead), (float)(y * size));

        foreach (var leg in (ReadOnlySpan<double>)[-0.9, -0.5, 0.5, 0.85])
        {
            svg.Line(fur.Darker(0.1), size * 0.24, At(leg, 0.3), At(leg * 1.05, 1.35));
        }

        svg.Line(fur, size * 0.16, At(-1, -0.1), At(-1.6, -0.6), At(-1.5, -1.1));
        svg.Ellipse(body, size * 1.25, size * 0.68, svg.Round(fur));
        foreach (var ear in (ReadOnlySpan<double>)[0.85, 1.35])
        {
            svg.Polygon(fur.Darker(0.1), At(ear, -0.8), At(ear + 0.1, -1.5), At(ear + 0.35, -0.85));
        }

        svg.Circle(At(1.2, -0.6), size * 0.55, svg.Round(fur));
        svg.Circle(At(1.35, -0.7), size * 0.08, Palette.Black);
        svg.Ellipse(At(1.65, -0.45), size * 0.22, size * 0.17, fur.Lighter(0.12));
        svg.Circle(At(1.8, -0.5), size * 0.07, Palette.Black);
    }

    /// <summary>Birds or fish: bodies with tails, all heading one way.</summary>
    public static void Birds(Svg svg, Dice dice)
    {
        Backgrounds.Any(svg, dice);
        var colour = Palette.Dyed(dice);
        for (var i = dice.Count(1, 7); i > 0; i--)
        {
            var size = svg.Side * dice.Between(0.06, 0.17);
            var body = dice.In(svg.Whole);
            Vector2 At(double x, double y) => body + new Vector2((float)(x * size), (float)(y * size));

            using var turned = svg.Turned(dice.Between(-25, 25), body);
            var coat = Palette.Near(dice, colour);
            svg.Polygon(coat.Darker(0.12), At(-0.7, 0), At(-1.8, -0.5), At(-1.6, 0.4));
            svg.Ellipse(body, size, size * 0.55, svg.Round(coat));
            svg.Polygon(coat.Darker(0.15), At(0.1, -0.2), At(-0.9, -1.1), At(-0.6, 0.1));
            svg.Polygon(new Colour(40, 0.8, 0.5), At(0.95, -0.15), At(1.35, 0), At(0.95, 0.12));
            svg.Circle(At(0.65, -0.15), size * 0.09, Palette.Black);
        }
    }
}
