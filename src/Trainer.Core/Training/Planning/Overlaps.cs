using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Imaging.Similarity;
using Trainer.Core.Inspection;
using Trainer.Core.Wording;

namespace Trainer.Core.Training.Planning;

/// <summary>A folder of pictures that training has read.</summary>
/// <param name="Option">The option that names the folder, such as "--normal".</param>
/// <param name="Path">The folder as the user named it.</param>
/// <param name="Role">What its pictures are.</param>
/// <param name="Listed">Number of files with names of pictures.</param>
/// <param name="Images">The pictures that can be read.</param>
/// <param name="Sketches">One sketch for each picture that can be read; null if there were too many to decode.</param>
internal sealed record ReadFolder(
    string Option, string Path, SetRole Role, int Listed, IReadOnlyList<ImageEntry> Images, PictureSketch[]? Sketches);

/// <summary>
/// A cheap part of the inspection, done before every training: finds pictures that are in two folders, and folders with many unreadable
/// pictures.
/// </summary>
internal static class Overlaps
{
    private const double MostUnreadable = 0.1;

    /// <summary>Sends one sentence for each warning.</summary>
    /// <param name="tell">Receives the sentences.</param>
    /// <exception cref="TrainerException">Most photos of the subject are also in a folder of negatives.</exception>
    public static void Tell(IReadOnlyList<ReadFolder> folders, Action<string> tell)
    {
        foreach (var folder in folders.Where(folder => folder.Listed - folder.Images.Count > MostUnreadable * folder.Listed))
        {
            tell(
                $"{folder.Listed - folder.Images.Count} of the {folder.Listed} pictures in '{folder.Path}' ({folder.Option}) can't be "
                + "read, so they are left out. Is it the right folder, and is it whole?");
        }

        foreach (var normals in folders.Where(folder => folder.Role == SetRole.Normal))
        {
            foreach (var others in folders.Where(folder => folder.Role == SetRole.Negative))
            {
                Contradiction(normals, others, tell);
            }
        }

        foreach (var role in folders.GroupBy(folder => folder.Role))
        {
            foreach (var tested in role.Where(folder => folder.Option.StartsWith("--valid", StringComparison.Ordinal)))
            {
                Leak(tested, role.First(), tell);
            }
        }
    }

    private static void Contradiction(ReadFolder normals, ReadFolder others, Action<string> tell)
    {
        var both = Common(normals, others);
        if (2 * both.Count >= Math.Min(normals.Images.Count, others.Images.Count) && both.Count > 0)
        {
            throw new TrainerException(
                $"{both.Count} of the {Counted.Of(normals.Images.Count, "picture")} in '{normals.Path}' ({normals.Option}) lie in "
                + $"'{others.Path}' ({others.Option}) as well, "
                + "as examples of what the subject is not. Name a folder without them.");
        }

        if (both.Count > 0)
        {
            tell(
                $"{Are(both.Count)} both in '{normals.Path}' ({normals.Option}) and in '{others.Path}' ({others.Option}), such as "
                + $"{both[0].Name}: training is told opposite things about each of them. "
                + "Take them out of one of the two; 'trainer inspect' lists them.");
        }
    }

    private static void Leak(ReadFolder tested, ReadFolder trained, Action<string> tell)
    {
        if (Common(tested, trained) is { Count: > 0 } both)
        {
            tell(
                $"{Are(both.Count)} both in '{trained.Path}' ({trained.Option}) and in '{tested.Path}' ({tested.Option}), such as "
                + $"{both[0].Name}: the test would use what was trained on, and its figures would be too good. "
                + "Keep each in one folder only.");
        }
    }

    private static string Are(int count) => $"{Counted.Of(count, "picture")} {(count == 1 ? "lies" : "lie")}";

    /// <summary>The pictures of the first folder that are also in the second, even with another size or compression.</summary>
    private static IReadOnlyList<ImageEntry> Common(ReadFolder folder, ReadFolder other)
    {
        if (folder.Sketches is null || other.Sketches is null)
        {
            var known = other.Images.Select(image => image.ContentKey).ToHashSet();
            return [.. folder.Images.Where(image => known.Contains(image.ContentKey))];
        }

        var groups = Copies.Groups([.. folder.Sketches, .. other.Sketches]);
        var others = groups.Skip(folder.Images.Count).ToHashSet();
        return [.. folder.Images.Where((_, i) => others.Contains(groups[i]))];
    }
}
