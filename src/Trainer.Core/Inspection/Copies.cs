using Trainer.Core.Catalog;
using Trainer.Core.Imaging.Similarity;

namespace Trainer.Core.Inspection;

/// <summary>Finds pictures that are the same except for size, compression or mirroring.</summary>
internal static class Copies
{
    /// <summary>The group of each picture, as the index of the group's first member.</summary>
    public static int[] Groups(IReadOnlyList<PictureSketch> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        return NearGroups.Of(
            [.. pictures.Select(picture => picture.Hash)],
            [.. pictures.Select(picture => picture.MirroredHash)],
            PerceptualHash.NearBits,
            (a, b) => pictures[a].Compare(pictures[b]) != CopyKind.None);
    }

    /// <summary>The groups of at least two pictures, described for people.</summary>
    internal static IReadOnlyList<DuplicateGroup> Find(IReadOnlyList<InspectedPicture> pictures)
    {
        var groups = Groups([.. pictures.Select(picture => picture.Facts.Sketch)]);
        return
        [
            .. pictures.Zip(groups)
                .GroupBy(pair => pair.Second, pair => pair.First)
                .Where(group => group.Count() > 1)
                // stable: the first given of equal ones
                .Select(group => Describe([.. group.OrderByDescending(picture => (long)picture.Facts.Width * picture.Facts.Height)]))
                .OrderByDescending(group => group.Contradicts)
                .ThenByDescending(group => group.AcrossSets),
        ];
    }

    private static DuplicateGroup Describe(IReadOnlyList<InspectedPicture> group)
    {
        var first = group[0];
        return new DuplicateGroup(
            [.. group.Select((picture, i) => Describe(picture, i == 0 ? DuplicateKind.First : KindOf(first, picture)))],
            group.Any(picture => picture.Set.Name != first.Set.Name),
            group.Any(picture => picture.Set.Role != first.Set.Role));
    }

    private static DuplicatePicture Describe(InspectedPicture picture, DuplicateKind how) =>
        new(picture.Set.Name, picture.Image.Name, picture.Image.Path, picture.Facts.Width, picture.Facts.Height, how);

    private static DuplicateKind KindOf(InspectedPicture first, InspectedPicture other) =>
        first.Image.ContentKey == other.Image.ContentKey ? DuplicateKind.Equal
        : first.Facts.Sketch.Compare(other.Facts.Sketch) == CopyKind.Mirrored ? DuplicateKind.Mirrored
        : DuplicateKind.Copy;
}
