using System.Globalization;
using Trainer.Core.Evaluation;
using Trainer.Core.Inspection;
using Trainer.Core.Metrics;
using Trainer.Core.Wording;

namespace Trainer.Terminal.Results;

/// <summary>Prints the findings of an inspection for people: first the facts, then the problems, and at the end what to do.</summary>
internal static class InspectionText
{
    private const int MostShown = 10;

    public static void Print(DataFindings findings)
    {
        Screen.Line("[bold]Pictures[/]");
        foreach (var set in findings.Sets)
        {
            Screen.Line(Describe(set), indent: 2);
        }

        Listing("Can't be read", [.. findings.Sets.SelectMany(set => set.Unreadable).Select(file => $"{file.Path}: {file.Reason}")]);
        Listing("Unusual", [.. findings.Sets.SelectMany(set => set.Odd.Select(odd => $"{set.Name}/{odd.Name}: {odd.Reason}"))]);
        Listing("The same picture", [.. findings.Duplicates.Select(Describe)]);
        PrintShortcuts(findings);
        PrintEnough(findings.Enough);
        foreach (var suspects in findings.Suspects)
        {
            Listing(
                suspects.Role == SetRole.Normal ? $"The pictures of {suspects.Set} farthest from the centroid: do they show the "
                    + "subject?" : $"The pictures of {suspects.Set} nearest to the centroid: do they show the subject?",
                [.. suspects.Pictures.Select(
                    suspect => string.Create(
                    CultureInfo.InvariantCulture, $"{suspect.Cosine:f3}  {suspect.Name}{(suspect.Accepted ? "  accepted" : "")}"))],
                most: Suspects.Most);
        }

        PrintWarnings(findings.Warnings);
    }

    private static string Describe(SetFindings set)
    {
        var formats = string.Join(
            ", ", set.Formats.Select(format => set.Formats.Count == 1 ? format.Format : $"{format.Pictures} {format.Format}"));
        var sizes = set.Sizes is { } s
            ? string.Create(CultureInfo.InvariantCulture,
                $", {s.SmallestWidth}x{s.SmallestHeight} to {s.LargestWidth}x{s.LargestHeight}, typically "
                + $"{s.MedianWidth}x{s.MedianHeight}, {100 * s.SquareShare:f0} % square")
            : "";
        var others = set.OtherFiles > 0 ? $"; {Counted.Of(set.OtherFiles, "other file")}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[bold]{Screen.Escape(set.Name)}[/]: {Counted.Of(set.Pictures, "picture")} in {Screen.Escape(set.Folder)}, "
            + $"{set.Bytes / 1e6:f0} MB, {formats}{sizes}{others}");
    }

    private static string Describe(DuplicateGroup group) => string.Join(" = ", group.Pictures.Select(picture =>
        $"{picture.Set}/{picture.Name} "
            + $"({picture.Width}x{picture.Height}{(picture.How is DuplicateKind.Mirrored ? ", mirrored" : picture.How is DuplicateKind.Equal ? ", equal file" : "")})"));

    private static void Listing(string title, IReadOnlyList<string> lines, int most = MostShown)
    {
        if (lines.Count == 0)
        {
            return;
        }

        Screen.Line();
        Screen.Line($"[bold]{Screen.Escape(title)}[/]");
        foreach (var line in lines.Take(most))
        {
            Screen.Line(Screen.Escape(line), indent: 2);
        }

        if (lines.Count > most)
        {
            Screen.Line($"and {lines.Count - most} more; all of them with --json", indent: 2);
        }
    }

    private static void PrintShortcuts(DataFindings findings)
    {
        if (findings.Shortcuts.Count == 0)
        {
            return;
        }

        Screen.Line();
        Screen.Line("[bold]How well one property alone tells the sets apart[/] (AUROC: 0.5 not at all, 1 completely)");
        foreach (var set in findings.Shortcuts.GroupBy(shortcut => shortcut.NegativeSet))
        {
            Screen.Line($"normals and {Screen.Escape(set.Key)}: {string.Join(", ", set.Select(Describe))}", indent: 2);
        }
    }

    private static string Describe(Shortcut shortcut) =>
        shortcut.Strong ? $"[red]{ShortcutWords.Describe(shortcut)}[/]" : ShortcutWords.Describe(shortcut);

    private static void PrintEnough(EnoughPictures enough)
    {
        static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:f0} %");
        Screen.Line();
        Screen.Line("[bold]Are there enough pictures?[/]");
        var (low, high) = Hundredths.Around(enough.AcceptInterval.Low, enough.AcceptInterval.High);
        Screen.Line($"{Counted.Of(enough.Normals, "different normal")}, {enough.CalibrationNormals} of them to set the threshold: if "
            + $"{Percent(enough.Accept)} should be accepted, between {low} % and {high} % will be accepted (95 % confidence).", indent: 2);
        Screen.Line(
            $"{string.Join("; ", enough.Needed.Select(needed => $"{needed.Normals} normals keep it above {Percent(enough.Accept - needed.Below)}"))}.", indent: 2);
        if (enough.TestNegatives > 0)
        {
            Screen.Line($"{Counted.Of(enough.Negatives, "different negative")}, {enough.TestNegatives} of them for the test: even if the "
                + "gate accepts none of those, up to "
                + $"{string.Create(CultureInfo.InvariantCulture, $"{100 * enough.FewestFalseAccepts:f1} %")} of such photos may get "
                + "through.", indent: 2);
        }
    }

    private static void PrintWarnings(IReadOnlyList<DataWarning> warnings)
    {
        Screen.Line();
        Screen.Line(warnings.Count == 0 ? "[green]No warnings.[/]" : $"[bold]{Counted.Of(warnings.Count, "warning")}[/]");
        foreach (var warning in warnings)
        {
            Screen.Line($"[yellow]![/] {Screen.Escape(warning.Text)}", indent: 2);
            Screen.Line($"→ {Screen.Escape(warning.ToDo)}", indent: 4);
        }
    }
}
