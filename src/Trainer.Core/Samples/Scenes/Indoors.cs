using System.Numerics;
using Trainer.Core.Samples.Painting;

namespace Trainer.Core.Samples.Scenes;

/// <summary>Rooms and what stands in them.</summary>
internal static class Indoors
{
    /// <summary>Two walls, a floor in perspective, a window or picture, a table and a lamp.</summary>
    public static void Room(Svg svg, Dice dice)
    {
        var wall = Palette.Dyed(dice);
        var floor = svg.Height * dice.Between(0.55, 0.75);
        var corner = svg.Width * dice.Between(0.2, 0.8);
        svg.Fill(wall);
        svg.Polygon(wall.Darker(0.09), new((float)corner, 0), svg.Whole.At(1, 0), svg.Whole.At(1, 0.9), new((float)corner, (float)floor));
        var boards = dice.Pick(Palette.Wood(dice), Palette.Dyed(dice));
        svg.Polygon(svg.Down(svg.Whole, boards.Darker(0.12), boards), svg.Whole.At(0, 0.88), new((float)corner, (float)floor),
            svg.Whole.At(1, 0.9), svg.Whole.At(1, 1), svg.Whole.At(0, 1));
        for (var i = -4; i < 12; i++)
        {
            svg.Line(boards.Darker(0.2).Faded(0.5), 0.8, new((float)corner, (float)floor), svg.Whole.At(i / 8.0, 1));
        }

        var frame = new Box(svg.Width * dice.Between(0.05, 0.5), svg.Height * dice.Between(0.08, 0.2), svg.Width * 0.3, svg.Height * 0.3);
        svg.Rect(frame, Palette.White.Darker(0.1));
        var pane = new Box(frame.X + 4, frame.Y + 4, frame.Width - 8, frame.Height - 8);
        svg.Rect(pane, svg.Down(pane, Palette.Sky(dice), Palette.Dyed(dice)));
        Table(svg, dice);
        Lamp(svg, dice);
    }

    /// <summary>A plate with food on a table, seen from above.</summary>
    public static void Plate(Svg svg, Dice dice)
    {
        svg.Fill(Palette.Dyed(dice));
        svg.Mottle(svg.Whole, Palette.Wood(dice).Faded(0.5), new(70, 5), dice.Seed());
        var centre = svg.Whole.At(dice.Between(0.4, 0.6), dice.Between(0.4, 0.6));
        var radius = svg.Side * dice.Between(0.32, 0.48);
        using (svg.Blurred(4))
        {
            svg.Circle(centre + new Vector2(4, 6), radius, Palette.Black.Faded(0.5));
        }

        svg.Circle(centre, radius, svg.Round(Palette.White.Darker(0.1)));
        svg.Circle(centre, radius * 0.72, Palette.White.Darker(0.07));
        for (var i = dice.Count(8, 26); i > 0; i--)
        {
            var bite = centre + (Leaf.Direction(dice.Between(0, Math.Tau)) * (float)(radius * dice.Between(0, 0.55)));
            var size = radius * dice.Between(0.1, 0.26);
            svg.Ellipse(bite, size, dice.Around(size, 0.4), svg.Round(Palette.Dyed(dice)));
        }

        var knife = svg.Whole.At(dice.Between(0.02, 0.1), 0.2);
        svg.Line(Palette.White.Darker(0.25), 5, knife, knife + new Vector2(0, (float)(svg.Height * 0.6)));
    }

    /// <summary>Shelves with books or boxes.</summary>
    public static void Shelf(Svg svg, Dice dice)
    {
        var wood = dice.Pick(Palette.Wood(dice), Palette.Grey(dice), Palette.Dyed(dice));
        var main = Palette.Dyed(dice);
        svg.Fill(wood.Darker(0.15));
        var rows = dice.Count(2, 4);
        var height = svg.Height / rows;
        for (var row = 0; row < rows; row++)
        {
            for (var x = 4.0; x < svg.Width;)
            {
                var book = new Box(x, (row * height) + (height * dice.Between(0.1, 0.35)), dice.Between(6, 22), height);
                svg.Rect(book, dice.Chance(0.5) ? Palette.Near(dice, main) : Palette.Any(dice));
                svg.Rect(new Box(book.X + 2, book.Y + 8, book.Width - 4, 5), Palette.White.Faded(0.6));
                x += book.Width + (dice.Chance(0.15) ? dice.Between(6, 30) : 1);
            }

            svg.Rect(new Box(0, ((row + 1) * height) - 6, svg.Width, 6), wood);
        }
    }

    /// <summary>A curtain with folds, and a window beside it.</summary>
    public static void Curtain(Svg svg, Dice dice)
    {
        svg.Fill(svg.Down(svg.Whole, Palette.Sky(dice), Palette.Dyed(dice)));
        var cloth = Palette.Dyed(dice);
        var edge = svg.Width * dice.Between(0.5, 1.1);
        var fold = dice.Between(12, 34);
        for (var x = 0.0; x < edge; x += fold)
        {
            var box = new Box(x, 0, fold + 1, svg.Height * dice.Between(0.9, 1));
            svg.Rect(box, svg.Across(box, cloth.Darker(0.16), cloth.Lighter(0.1), cloth, cloth.Darker(0.16)));
        }

        svg.Rect(new Box(0, 0, svg.Width, 7), Palette.Wood(dice));
    }

    private static void Table(Svg svg, Dice dice)
    {
        var wood = dice.Pick(Palette.Wood(dice), Palette.Dyed(dice));
        var top = new Box(svg.Width * dice.Between(0.05, 0.5), svg.Height * dice.Between(0.6, 0.7), svg.Width * 0.42, svg.Height * 0.06);
        foreach (var leg in (ReadOnlySpan<double>)[0.03, 0.92])
        {
            svg.Rect(new Box(top.X + (leg * top.Width), top.Y, 5, svg.Height * 0.27), wood.Darker(0.12));
        }

        svg.Rect(top, wood);
        svg.Circle(top.At(dice.Between(0.2, 0.8), -0.6), svg.Side * 0.05, svg.Round(Palette.Dyed(dice)));
    }

    private static void Lamp(Svg svg, Dice dice)
    {
        var lamp = svg.Whole.At(dice.Between(0.1, 0.9), dice.Between(0.15, 0.35));
        svg.Line(Palette.Black, 1.2, lamp with { Y = 0 }, lamp);
        using (svg.Blurred(8))
        {
            svg.Circle(lamp, svg.Side * 0.14, new Colour(48, 0.9, 0.8, 0.6));
        }

        var (wide, high) = ((float)(svg.Side * 0.1), (float)(svg.Side * 0.09));
        svg.Polygon(new Colour(46, 0.7, 0.75), lamp, new(lamp.X - wide, lamp.Y + high), new(lamp.X + wide, lamp.Y + high));
    }
}
