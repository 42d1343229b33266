using Trainer.Core.Samples.Painting;

namespace Trainer.Core.Samples.Scenes;

/// <summary>Houses, cars, signs and the city at night.</summary>
internal static class Streets
{
    /// <summary>A row of houses with windows and doors along a road, perhaps with trees.</summary>
    public static void Houses(Svg svg, Dice dice)
    {
        var sky = Palette.Sky(dice);
        svg.Fill(svg.Down(svg.Whole, sky.Darker(0.08), sky.Lighter(0.1)));
        var ground = svg.Height * dice.Between(0.7, 0.85);
        for (var x = -10.0; x < svg.Width;)
        {
            var width = svg.Side * dice.Between(0.25, 0.45);
            var top = svg.Height * dice.Between(0.1, 0.4);
            House(svg, dice, new Box(x, top, width, ground - top));
            x += width + (dice.Chance(0.3) ? dice.Between(4, 30) : 0);
        }

        svg.Rect(new Box(0, ground, svg.Width, svg.Height), dice.Chance(0.4) ? Palette.Green(dice) : Palette.Grey(dice).Darker(0.1));
        for (var i = dice.Count(0, 3); i > 0; i--)
        {
            var foot = svg.Whole.At(dice.Between(0, 1), (ground + 6) / svg.Height);
            Landscapes.Tree(svg, dice, foot, svg.Side * dice.Between(0.25, 0.5));
        }
    }

    /// <summary>One car seen from the side, on a road or a meadow.</summary>
    public static void Car(Svg svg, Dice dice)
    {
        var sky = dice.Pick(Palette.Sky(dice), Palette.Dyed(dice));
        svg.Fill(svg.Down(svg.Whole, sky, sky.Lighter(0.12)));
        var ground = new Box(0, svg.Height * 0.62, svg.Width, svg.Height * 0.38);
        var road = dice.Pick(Palette.Grey(dice), Palette.Green(dice));
        svg.Rect(ground, svg.Down(ground, road, road.Darker(0.1)));
        svg.Mottle(ground, road.Darker(0.15).Faded(0.5), new(12, 4), dice.Seed());

        var paint = Palette.Dyed(dice);
        var corner = svg.Whole.At(dice.Between(0.05, 0.25), dice.Between(0.48, 0.56));
        var body = new Box(corner.X, corner.Y, svg.Width * dice.Between(0.55, 0.7), svg.Height * 0.22);
        using (svg.Blurred(4))
        {
            svg.Ellipse(body.At(0.5, 1.2), body.Width * 0.52, 7, Palette.Black.Faded(0.6));
        }

        var (roof, glass) = (svg.Down(body, paint.Lighter(0.2), paint), Palette.Sky(dice).Darker(0.2));
        svg.Polygon(roof, body.At(0.15, 0.1), body.At(0.3, -0.75), body.At(0.7, -0.75), body.At(0.88, 0.1));
        svg.Polygon(glass, body.At(0.24, 0.05), body.At(0.33, -0.6), body.At(0.49, -0.6), body.At(0.49, 0.05));
        svg.Polygon(glass, body.At(0.53, 0.05), body.At(0.53, -0.6), body.At(0.67, -0.6), body.At(0.8, 0.05));
        svg.Rect(body, svg.Down(body, paint.Lighter(0.15), paint, paint.Darker(0.15)), round: 10);
        svg.Circle(body.At(0.97, 0.35), 5, new Colour(50, 0.9, 0.8));
        foreach (var wheel in (ReadOnlySpan<double>)[0.2, 0.8])
        {
            svg.Circle(body.At(wheel, 1), body.Width * 0.095, Palette.Black);
            svg.Circle(body.At(wheel, 1), body.Width * 0.05, svg.Round(Palette.White.Darker(0.3)));
        }
    }

    /// <summary>Lit windows and lamps in the dark.</summary>
    public static void Night(Svg svg, Dice dice)
    {
        var dark = dice.Pick(new Colour(225, 0.4, 0.12), Palette.Green(dice) with { Lightness = 0.1 });
        svg.Fill(svg.Down(svg.Whole, dark, dark.Lighter(0.12)));
        for (var x = 0.0; x < svg.Width; x += svg.Side * 0.2)
        {
            var tower = new Box(x, svg.Height * dice.Between(0.15, 0.6), svg.Side * dice.Between(0.14, 0.2), svg.Height);
            svg.Rect(tower, Palette.Near(dice, dark).Lighter(0.04));
            for (var y = tower.Y + 5; y < svg.Height; y += 9)
            {
                for (var window = tower.X + 4; window < tower.X + tower.Width - 5; window += 8)
                {
                    svg.Rect(new Box(window, y, 4, 5), dice.Chance(0.45) ? new Colour(dice.Between(35, 60), 0.8, 0.7) : dark);
                }
            }
        }

        using var glow = svg.Blurred(4);
        for (var i = dice.Count(4, 12); i > 0; i--)
        {
            svg.Circle(dice.In(svg.Whole), dice.Between(4, 14), (Palette.Dyed(dice) with { Saturation = 0.8, Lightness = 0.6 }).Faded(0.7));
        }
    }

    /// <summary>A sign with a bar or letters, in front of any background.</summary>
    public static void Sign(Svg svg, Dice dice)
    {
        Backgrounds.Any(svg, dice);
        var centre = svg.Whole.At(dice.Between(0.35, 0.65), dice.Between(0.35, 0.5));
        var size = svg.Side * dice.Between(0.22, 0.36);
        var paint = Palette.Dyed(dice) with { Saturation = 0.75 };
        var pole = new Box(centre.X - 3, centre.Y, 6, svg.Height);
        svg.Rect(pole, svg.Across(pole, Palette.Grey(dice), Palette.Grey(dice)));
        var box = new Box(centre.X - (size * 1.2), centre.Y - (size * 0.8), size * 2.4, size * 1.6);
        if (dice.Chance(0.4))
        {
            svg.Circle(centre, size, paint);
            svg.Circle(centre, size * 0.78, Palette.White);
            svg.Rect(new Box(centre.X - (size * 0.5), centre.Y - (size * 0.15), size, size * 0.3), Palette.Black);
            return;
        }

        svg.Rect(box, paint, round: 6);
        for (var row = 0.25; row < 0.9; row += 0.3)
        {
            Lines.Word(svg, dice, box.At(0.1, row), box.Width * dice.Between(0.4, 0.8), box.Height * 0.16, Palette.White);
        }
    }

    private static void House(Svg svg, Dice dice, Box house)
    {
        var wall = dice.Pick(Palette.Dyed(dice), Palette.Grey(dice), Palette.Wood(dice));
        svg.Rect(house, svg.Across(house, wall.Lighter(0.06), wall.Darker(0.06)));
        svg.Polygon(Palette.Soil(dice), house.At(-0.06, 0.02), house.At(0.5, -0.24), house.At(1.06, 0.02));
        var glass = Palette.Sky(dice).Darker(0.3);
        for (var row = 0.12; row < 0.7; row += 0.26)
        {
            for (var column = 0.12; column < 0.8; column += 0.3)
            {
                var (frame, pane) = (house.At(column, row), house.At(column + 0.015, row + 0.01));
                svg.Rect(new Box(frame.X, frame.Y, house.Width * 0.2, house.Height * 0.17), Palette.White.Darker(0.05));
                svg.Rect(new Box(pane.X, pane.Y, house.Width * 0.17, house.Height * 0.15), glass);
            }
        }

        var door = house.At(dice.Pick(0.15, 0.42, 0.7), 0.78);
        svg.Rect(new Box(door.X, door.Y, house.Width * 0.17, house.Height * 0.22), Palette.Dyed(dice));
    }
}
