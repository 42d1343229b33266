using System.Globalization;
using Trainer.Core.Evaluation;
using Trainer.Core.Metrics;
using Trainer.Core.Wording;

namespace Trainer.Core.Inspection;

/// <summary>Says in plain words what the findings mean and what to do about them.</summary>
internal static class Warnings
{
    private const int FewCalibrationNormals = 20;

    /// <summary>The warnings, the gravest first.</summary>
    public static IEnumerable<DataWarning> Of(DataFindings findings) =>
    [
        .. Duplicates(findings),
        .. Shortcuts(findings),
        .. findings.Sets.SelectMany(Unusable),
        .. Few(findings.Enough),
    ];

    private static IEnumerable<DataWarning> Duplicates(DataFindings findings)
    {
        var groups = findings.Duplicates;
        if (groups.Count(group => group.Contradicts) is > 0 and var contradicting)
        {
            yield return new(
                $"{Are(contradicting, "picture")} both among the normals and among the negatives, so training gets contradictory labels.",
                "Decide what each one shows, and remove it from the other folder.");
        }

        if (groups.Count(group => group.AcrossSets && !group.Contradicts) is > 0 and var across)
        {
            yield return new(
                $"{Are(across, "picture")} in more than one folder, so the test holds pictures from training, and the figures come out too "
                    + "good.",
                "Keep each picture in one folder only.");
        }

        foreach (var set in findings.Sets)
        {
            var copies = groups.Sum(group => Math.Max(group.Pictures.Count(picture => picture.Set == set.Name) - 1, 0));
            if (copies > 0)
            {
                yield return new(
                    $"{set.Name}: {copies} of {Counted.Of(set.Pictures, "picture")} {(copies == 1 ? "is a copy" : "are copies")} of "
                        + "another one, perhaps resized, saved again or mirrored.",
                    "Copies within a folder do no harm, because they are kept in one part, but they count only once. New photos teach "
                        + "more.");
            }
        }
    }

    /// <summary>
    /// One warning for each shortcut in training; one for all shortcuts of a set that is only evaluated, which merely makes it too easy.
    /// </summary>
    private static IEnumerable<DataWarning> Shortcuts(DataFindings findings)
    {
        var normals = findings.Sets.First(set => set.Role == SetRole.Normal); // a set of normals is required
        var saved = findings.Sets.Where(set => set.Role == SetRole.Negative && Screenshots.Differ(normals, set)).ToArray();
        foreach (var set in saved)
        {
            yield return Screenshots.Warning(normals, set);
        }

        bool IsSaid(Shortcut shortcut) =>
            shortcut.Property is TrivialProperty.BytesPerPixel or TrivialProperty.JpegQuality
            && saved.Any(set => set.Name == shortcut.NegativeSet);
        foreach (var set in findings.Shortcuts.Where(shortcut => shortcut.Strong && !IsSaid(shortcut))
            .GroupBy(shortcut => shortcut.NegativeSet))
        {
            if (set.Key is InspectionSet.Coco or InspectionSet.ValidCoco)
            {
                foreach (var warning in set.Select(shortcut => ShortcutWords.Warning(shortcut, findings))
                    .DistinctBy(warning => warning.ToDo))
                {
                    yield return warning;
                }
            }
            else
            {
                yield return new(
                    $"{set.Key} differs from the normals in more than what it shows: "
                        + $"{string.Join(", ", set.Select(ShortcutWords.Describe))}. Figures on it may come out better than in the field.",
                    "Add pictures of the kind that your users would take: with the same cameras, in the same light, from the same "
                        + "distance.");
            }
        }
    }

    private static IEnumerable<DataWarning> Unusable(SetFindings set)
    {
        if (set.Unreadable.Count > 0)
        {
            yield return new(
                $"{set.Name}: {Counted.Of(set.Unreadable.Count, "file")} can't be read, such as "
                    + $"{Path.GetFileName(set.Unreadable[0].Path)}: {set.Unreadable[0].Reason}.",
                "Download or save them again, or leave them; they are skipped.");
        }

        if (set.Odd.Count > 0)
        {
            yield return new(
                $"{set.Name}: {Counted.Of(set.Odd.Count, "picture")} {(set.Odd.Count == 1 ? "stands" : "stand")} out, such as "
                    + $"{set.Odd[0].Name}: {set.Odd[0].Reason}.",
                "Look at them, and remove what none of your users would photograph.");
        }
    }

    private static IEnumerable<DataWarning> Few(EnoughPictures enough)
    {
        if (enough.CalibrationNormals < FewCalibrationNormals)
        {
            var (below, _, normals) = enough.Needed[0];
            yield return new(
                $"Only {Counted.Of(enough.CalibrationNormals, "normal")} would set the threshold. It should accept "
                    + $"{Percent(enough.Accept)} of the subject's photos, "
                + $"but might accept only {Hundredths.Around(enough.AcceptInterval.Low, 1).Low} % of them.",
                $"Take more photos of the subject: {normals} photos keep the accept rate within {100 * below:f0} points of that.");
        }

        if (enough.Negatives < enough.Normals)
        {
            yield return new(
                $"There are fewer negatives ({enough.Negatives}) than normals ({enough.Normals}).",
                "Add ordinary photos: at least as many as there are normals, and better ten times as many.");
        }
    }

    private static string Are(int count, string thing) => $"{Counted.Of(count, thing)} {(count == 1 ? "is" : "are")}";

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:f0} %");
}
