using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Imaging.Similarity;
using Trainer.Core.Inspection;
using Trainer.Core.Wording;

namespace Trainer.Core.Training.Planning;

/// <summary>A folder of pictures as training reads it.</summary>
/// <param name="Option">That names it, "--normal".</param>
/// <param name="Path">As it was named.</param>
/// <param name="Role">What its pictures are.</param>
/// <param name="Listed">Pictures by their names.</param>
/// <param name="Images">Those that can be read.</param>
/// <param name="Sketches">One for each of them; null where there are too many to look at.</param>
internal sealed record ReadFolder(string Option, string Path, SetRole Role, int Listed, IReadOnlyList<ImageEntry> Images, PictureSketch[]? Sketches);

/// <summary>The cheap half of an inspection, before every training: pictures that lie in two folders, and folders that can hardly be read.</summary>
internal static class Overlaps
{
    private const double MostUnreadable = 0.1;

    /// <summary>Warns in a sentence each.</summary>
    /// <param name="tell">Takes the sentences.</param>
    /// <exception cref="TrainerException">Most photos of the subject lie among those that it is to be told from.</exception>
    public static void Tell(IReadOnlyList<ReadFolder> folders, Action<string> tell)
    {
        foreach (var folder in folders.Where(folder => folder.Listed - folder.Images.Count > MostUnreadable * folder.Listed))
        {
            tell($"{folder.Listed - folder.Images.Count} of the {folder.Listed} pictures in '{folder.Path}' ({folder.Option}) can't be read, so they are left out. Is it the right folder, and is it whole?");
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
            throw new TrainerException($"{both.Count} of the {Counted.Of(normals.Images.Count, "picture")} in '{normals.Path}' ({normals.Option}) lie in '{others.Path}' ({others.Option}) as well, "
                + "where they stand for what the subject is not. Name a folder without them.");
        }

        if (both.Count > 0)
        {
            tell($"{Are(both.Count)} both in '{normals.Path}' ({normals.Option}) and in '{others.Path}' ({others.Option}), such as {both[0].Name}: training is told the opposite of each. "
                + "Take them out of one of the two; 'trainer inspect' lists them.");
        }
    }

    private static void Leak(ReadFolder tested, ReadFolder trained, Action<string> tell)
    {
        if (Common(tested, trained) is { Count: > 0 } both)
        {
            tell($"{Are(both.Count)} both in '{trained.Path}' ({trained.Option}) and in '{tested.Path}' ({tested.Option}), such as {both[0].Name}: what was trained on is tested on, and the figures come out too good. "
                + "Keep each in one folder only.");
        }
    }

    private static string Are(int count) => $"{Counted.Of(count, "picture")} {(count == 1 ? "lies" : "lie")}";

    /// <summary>The pictures of the first folder that lie in the second as well, whatever their size and compression.</summary>
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
