using Trainer.Core.Metrics;

namespace Trainer.Core.Inspection;

/// <summary>Measures how well each trivial property alone would work as a gate.</summary>
internal static class Shortcuts
{
    /// <summary>From this AUROC on, beyond chance, a network can tell the sets apart without looking at the subject.</summary>
    public const double Strong = 0.75;

    private const int Fewest = 10;

    /// <summary>All properties, the strongest first; empty where either set has too few pictures.</summary>
    public static IEnumerable<Shortcut> Between(
        IReadOnlyList<PictureFacts> normals, IReadOnlyList<PictureFacts> negatives, string negativeSet)
    {
        var border = MeanOf([.. normals.Select(n => n.Border)]);
        return Enum.GetValues<TrivialProperty>()
            .Select(property => Measure(property, Values(normals, property, border), Values(negatives, property, border), negativeSet))
            .OfType<Shortcut>()
            .OrderByDescending(shortcut => shortcut.Auroc);
    }

    private static Shortcut? Measure(TrivialProperty property, float[] normals, float[] negatives, string negativeSet)
    {
        if (normals.Length < Fewest || negatives.Length < Fewest)
        {
            return null;
        }

        var (normal, negative) = (Distribution.Of(normals), Distribution.Of(negatives));
        var (auroc, relation) = property == TrivialProperty.Hue
            ? (Nearness(normals, negatives, MeanHue(normals), Angle), ShortcutRelation.Nearer) // an angle is neither high nor low
            : Best(normals, negatives, (float)normal.Median);
        var error = StandardError(auroc, Math.Min(normals.Length, negatives.Length));
        return new Shortcut(property, negativeSet, Math.Max(auroc, 0.5), relation, normal, negative, auroc - (2 * error) >= Strong);
    }

    private static (double Auroc, ShortcutRelation Relation) Best(float[] normals, float[] negatives, float middle)
    {
        var higher = Auroc.Of(normals, negatives);
        (double Auroc, ShortcutRelation Relation)[] ways =
        [
            (higher, ShortcutRelation.Higher),
            (1 - higher, ShortcutRelation.Lower),
            (Nearness(normals, negatives, middle, (a, b) => Math.Abs(a - b)), ShortcutRelation.Nearer),
        ];
        return ways.MaxBy(way => way.Auroc);
    }

    /// <summary>AUROC of the nearness to the normals' median: a gate in one dimension.</summary>
    private static double Nearness(float[] normals, float[] negatives, float middle, Func<float, float, float> distance) =>
        Auroc.Of(Array.ConvertAll(normals, value => -distance(value, middle)),
            Array.ConvertAll(negatives, value => -distance(value, middle)));

    private static float[] Values(IReadOnlyList<PictureFacts> pictures, TrivialProperty property, double[] border) =>
        [.. pictures.Select(picture => (float)Value(picture, property, border)).Where(float.IsFinite)];

    private static double Value(PictureFacts picture, TrivialProperty property, double[] border) => property switch
    {
        TrivialProperty.AspectRatio => picture.AspectRatio,
        TrivialProperty.Width => picture.Width,
        TrivialProperty.BytesPerPixel => picture.BytesPerPixel,
        TrivialProperty.JpegQuality => picture.JpegQuality,
        TrivialProperty.Hue => Degrees(picture.Hue),
        TrivialProperty.GreenShare => picture.GreenShare,
        TrivialProperty.Brightness => picture.Brightness,
        TrivialProperty.Sharpness => picture.Sharpness,
        TrivialProperty.BorderColour => Math.Sqrt(picture.Border.Zip(border, (a, b) => (a - b) * (a - b)).Sum()),
        _ => throw new NotSupportedException($"No property {property}."),
    };

    private static double[] MeanOf(IReadOnlyList<double[]> colours) =>
        [.. Enumerable.Range(0, 3).Select(c => colours.Select(colour => colour[c]).DefaultIfEmpty().Average())];

    private static double Degrees(double[] direction) => (double.RadiansToDegrees(Math.Atan2(direction[1], direction[0])) + 360) % 360;

    private static float MeanHue(float[] hues) =>
        (float)Degrees([hues.Sum(h => Math.Cos(double.DegreesToRadians(h))), hues.Sum(h => Math.Sin(double.DegreesToRadians(h)))]);

    /// <summary>The angle between two directions, 0 to 180 degrees.</summary>
    private static float Angle(float a, float b) => 180 - Math.Abs((Math.Abs(a - b) % 360) - 180);

    /// <summary>Approximate standard error of an AUROC (Hanley and McNeil 1982).</summary>
    private static double StandardError(double auroc, int fewer) => Math.Sqrt(auroc * (1 - auroc) / fewer);
}
