using System.Globalization;
using Trainer.Core.Metrics;

namespace Trainer.Core.Inspection;

/// <summary>Describes shortcuts in plain words.</summary>
public static class ShortcutWords
{
    /// <summary>What the property is called: "share of green".</summary>
    public static string NameOf(TrivialProperty property) => property switch
    {
        TrivialProperty.AspectRatio => "aspect ratio",
        TrivialProperty.Width => "width",
        TrivialProperty.BytesPerPixel => "file size per pixel",
        TrivialProperty.JpegQuality => "JPEG quality",
        TrivialProperty.Hue => "mean hue",
        TrivialProperty.GreenShare => "share of green",
        TrivialProperty.Brightness => "brightness",
        TrivialProperty.Sharpness => "sharpness",
        TrivialProperty.BorderColour => "border colour",
        _ => throw new NotSupportedException($"No property {property}."),
    };

    /// <summary>A value with its unit: "62 %", "1.33", "640 px".</summary>
    public static string Show(TrivialProperty property, double value) => property switch
    {
        TrivialProperty.Width => Invariant($"{value:f0} px"),
        TrivialProperty.BytesPerPixel => Invariant($"{value:f2} bytes"),
        TrivialProperty.Hue => Invariant($"{value:f0}°"),
        TrivialProperty.GreenShare => Invariant($"{100 * value:f0} %"),
        TrivialProperty.AspectRatio => Invariant($"{value:f2}"),
        TrivialProperty.Sharpness => Invariant($"{value:f1}"),
        _ => Invariant($"{value:f0}"),
    };

    /// <summary>"share of green 0.87": the property, and the AUROC that it reaches alone.</summary>
    public static string Describe(Shortcut shortcut)
    {
        ArgumentNullException.ThrowIfNull(shortcut);
        return Invariant($"{NameOf(shortcut.Property)} {shortcut.Auroc:f2}");
    }

    internal static DataWarning Warning(Shortcut shortcut, DataFindings findings) => new(
        $"{What(shortcut, findings)} {Capital(NameOf(shortcut.Property))} alone tells {Invariant($"{100 * shortcut.Auroc:f0}")} of 100 "
            + "pairs apart, so a model can succeed by it without looking at the subject.",
        ToDo(shortcut.Property));

    private static string What(Shortcut shortcut, DataFindings findings)
    {
        var (property, normals, negatives) = (shortcut.Property, shortcut.Normals, shortcut.Negatives);
        return property switch
        {
            TrivialProperty.AspectRatio when Squares(InspectionSet.Normal) is var normal && Squares(shortcut.NegativeSet) is var negative
                && Math.Abs(normal - negative) >= 0.2 =>
                Invariant($"{100 * normal:f0} % of the normals are square, {100 * negative:f0} % of {shortcut.NegativeSet}."),
            TrivialProperty.GreenShare => $"The median normal is {Show(property, normals.Median)} green, the median picture of "
                + $"{shortcut.NegativeSet} {Show(property, negatives.Median)}.",
            TrivialProperty.BorderColour => "The borders of the normals have nearly the same colour, unlike those of "
                + $"{shortcut.NegativeSet}.",
            TrivialProperty.Hue => $"The normals have hues around {Show(property, normals.Median)}, and {shortcut.NegativeSet} has others.",
            _ =>
            $"{Capital(NameOf(property))} of the normals: {Spread(property, normals)}; of {shortcut.NegativeSet}: "
                + $"{Spread(property, negatives)}.",
        };

        double Squares(string set) => findings.Sets.FirstOrDefault(found => found.Name == set)?.Sizes?.SquareShare ?? 0;
    }

    private static string ToDo(TrivialProperty property) => property switch
    {
        TrivialProperty.AspectRatio =>
            "Trainer cuts the middle square out of every picture, so the shape itself never reaches the network; but one folder was "
            + "cropped around its "
            + "subject and the other wasn't. Use photos as the app's camera takes them, uncropped.",
        TrivialProperty.Width =>
        "Pictures from different sources differ in more than size. Take the normals with the phones that will use the gate, and test on "
            + "such photos.",
        TrivialProperty.BytesPerPixel or TrivialProperty.JpegQuality => "One folder was compressed more strongly. Use the original files, "
            + "or save both with the same quality.",
        TrivialProperty.Hue or TrivialProperty.GreenShare => "The network may learn the colour. "
            + "Add negatives of the same colour, such as other plants, and evaluate on look-alikes with --negative.",
        TrivialProperty.Brightness => "Photograph the subject in every light that users have: sun, shade, indoors, flash.",
        TrivialProperty.Sharpness => "Photograph the subject as users will: near and far, sharp and blurred.",
        TrivialProperty.BorderColour => "The subject is always in front of the same background. "
            + "Photograph it in front of every background that users have, and add negatives in front of this one.",
        _ => throw new NotSupportedException($"No property {property}."),
    };

    private static string Spread(TrivialProperty property, Distribution values) =>
        $"{Show(property, values.Percentile25)} to {Show(property, values.Percentile75)}";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
