namespace Trainer.Core.Samples.Painting;

/// <summary>The sizes of the sample pictures. They are the same for every kind, so that the shape doesn't reveal the kind.</summary>
internal static class Sheet
{
    private static readonly (int Width, int Height)[] Sizes = [(240, 180), (180, 240), (200, 200), (240, 160)];

    /// <summary>An empty sheet of one of the sizes.</summary>
    public static Svg Pick(Dice dice)
    {
        var (width, height) = dice.Pick(Sizes);
        return new Svg(width, height);
    }
}
