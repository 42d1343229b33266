using System.Globalization;
using Trainer.Core.Evaluation;
using Trainer.Core.Metrics;
using Trainer.Core.Wording;

namespace Trainer.Core.Inspection;

/// <summary>What the findings mean, in plain words, and what to do about it.</summary>
internal static class Warnings
{
    private const int FewCalibrationNormals = 20;

    /// <summary>The gravest first.</summary>
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
                $"{Are(contradicting, "picture")} both among the normals and among the negatives: training is told the opposite of each.",
                "Decide for each what it shows, and take it out of the other folder.");
        }

        if (groups.Count(group => group.AcrossSets && !group.Contradicts) is > 0 and var across)
        {
            yield return new(
                $"{Are(across, "picture")} in more than one folder: what was trained on is tested on, and the figures come out too good.",
                "Keep each in one folder only.");
        }

        foreach (var set in findings.Sets)
        {
            var copies = groups.Sum(group => Math.Max(group.Pictures.Count(picture => picture.Set == set.Name) - 1, 0));
            if (copies > 0)
            {
                yield return new(
                    $"{set.Name}: {copies} of {Counted.Of(set.Pictures, "picture")} {(copies == 1 ? "is a copy" : "are copies")} of another one, perhaps resized, saved again or mirrored.",
                    "They do no harm within a folder (copies are kept in one part), but count only once. New photos teach more.");
            }
        }
    }

    /// <summary>In training each is a danger of its own; a set that only evaluates is merely too easy.</summary>
    private static IEnumerable<DataWarning> Shortcuts(DataFindings findings)
    {
        var normals = findings.Sets.First(set => set.Role == SetRole.Normal); // there is one
        var saved = findings.Sets.Where(set => set.Role == SetRole.Negative && Screenshots.Differ(normals, set)).ToArray();
        foreach (var set in saved)
        {
            yield return Screenshots.Warning(normals, set);
        }

        bool IsSaid(Shortcut shortcut) => shortcut.Property is TrivialProperty.BytesPerPixel or TrivialProperty.JpegQuality && saved.Any(set => set.Name == shortcut.NegativeSet);
        foreach (var set in findings.Shortcuts.Where(shortcut => shortcut.Strong && !IsSaid(shortcut)).GroupBy(shortcut => shortcut.NegativeSet))
        {
            if (set.Key is InspectionSet.Coco or InspectionSet.ValidCoco)
            {
                foreach (var warning in set.Select(shortcut => ShortcutWords.Warning(shortcut, findings)).DistinctBy(warning => warning.ToDo))
                {
                    yield return warning;
                }
            }
            else
            {
                yield return new(
                    $"{set.Key} differs from the normals in more than what it shows: {string.Join(", ", set.Select(ShortcutWords.Describe))}. Figures on it may come out better than in the field.",
                    "Add such pictures as your users would take them: by the same cameras, in the same light, from the same distance.");
            }
        }
    }

    private static IEnumerable<DataWarning> Unusable(SetFindings set)
    {
        if (set.Unreadable.Count > 0)
        {
            yield return new(
                $"{set.Name}: {Counted.Of(set.Unreadable.Count, "file")} can't be read, such as {Path.GetFileName(set.Unreadable[0].Path)}: {set.Unreadable[0].Reason}.",
                "Fetch or save them again, or leave them: they are skipped.");
        }

        if (set.Odd.Count > 0)
        {
            yield return new(
                $"{set.Name}: {Counted.Of(set.Odd.Count, "picture")} {(set.Odd.Count == 1 ? "stands" : "stand")} out, such as {set.Odd[0].Name}: {set.Odd[0].Reason}.",
                "Look at them; take out what no user of yours would photograph.");
        }
    }

    private static IEnumerable<DataWarning> Few(EnoughPictures enough)
    {
        if (enough.CalibrationNormals < FewCalibrationNormals)
        {
            var (below, _, normals) = enough.Needed[0];
            yield return new(
                $"Only {Counted.Of(enough.CalibrationNormals, "normal")} would set the threshold: it is asked to accept {Percent(enough.Accept)} of the subject's photos, "
                + $"and might accept only {Hundredths.Around(enough.AcceptInterval.Low, 1).Low} % of them.",
                $"Take more photos of the subject: {normals} keep the promise within {100 * below:f0} points.");
        }

        if (enough.Negatives < enough.Normals)
        {
            yield return new(
                $"There are fewer negatives ({enough.Negatives}) than normals ({enough.Normals}).",
                "Add ordinary photos: as many as there are normals at least, ten times as many are better.");
        }
    }

    private static string Are(int count, string thing) => $"{Counted.Of(count, thing)} {(count == 1 ? "is" : "are")}";

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:f0} %");
}
