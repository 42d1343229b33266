namespace Trainer.Core.Samples.Painting;

/// <summary>Random colours of common things.</summary>
internal static class Palette
{
    public static readonly Colour White = new(0, 0, 0.97);
    public static readonly Colour Black = new(0, 0, 0.06);

    /// <summary>Any colour at all.</summary>
    public static Colour Any(Dice dice) => new(dice.Between(0, 360), dice.Between(0.15, 0.8), dice.Between(0.2, 0.75));

    /// <summary>Colours of man-made things: any colour, and often green, so that colour is a hint but doesn't decide.</summary>
    public static Colour Dyed(Dice dice) => dice.Chance(0.06) ? Green(dice) : Any(dice);

    /// <summary>The greens of plants: bluish, fresh or yellowish, and sometimes dry.</summary>
    public static Colour Green(Dice dice) => dice.Count(0, 9) switch
    {
        0 => new(dice.Between(34, 50), dice.Between(0.3, 0.55), dice.Between(0.35, 0.6)),
        1 or 2 => new(dice.Between(52, 74), dice.Between(0.35, 0.65), dice.Between(0.3, 0.55)),
        3 => new(dice.Between(125, 155), dice.Between(0.2, 0.45), dice.Between(0.22, 0.42)),
        _ => new(dice.Between(75, 125), dice.Between(0.28, 0.7), dice.Between(0.2, 0.5)),
    };

    /// <summary>A similar colour, as of the same thing in slightly different light.</summary>
    public static Colour Near(Dice dice, Colour colour) => new(
        (colour.Hue + dice.Between(-7, 7) + 360) % 360,
        Math.Clamp(dice.Around(colour.Saturation, 0.15), 0, 1),
        Math.Clamp(colour.Lightness + dice.Between(-0.07, 0.07), 0, 1),
        colour.Opacity);

    public static Colour Soil(Dice dice) => new(dice.Between(18, 40), dice.Between(0.15, 0.45), dice.Between(0.16, 0.42));

    public static Colour Sky(Dice dice) => dice.Chance(0.3)
        ? new(dice.Between(18, 45), dice.Between(0.2, 0.5), dice.Between(0.6, 0.78))
        : new(dice.Between(195, 220), dice.Between(0.1, 0.7), dice.Between(0.55, 0.85));

    public static Colour Water(Dice dice) => new(dice.Between(180, 225), dice.Between(0.1, 0.4), dice.Between(0.25, 0.55));

    public static Colour Skin(Dice dice) => new(dice.Between(14, 30), dice.Between(0.3, 0.6), dice.Between(0.25, 0.75));

    public static Colour Wood(Dice dice) => new(dice.Between(20, 38), dice.Between(0.25, 0.55), dice.Between(0.25, 0.6));

    public static Colour Grey(Dice dice) => new(dice.Between(0, 360), dice.Between(0, 0.1), dice.Between(0.2, 0.85));
}
