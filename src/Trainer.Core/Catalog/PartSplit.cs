namespace Trainer.Core.Catalog;

/// <summary>The three parts of a set of pictures: to learn from, to set centroid and threshold by, to report figures on.</summary>
public sealed record PartSplit(IReadOnlyList<ImageEntry> Train, IReadOnlyList<ImageEntry> Calibration, IReadOnlyList<ImageEntry> Test)
{
    /// <summary>Share of the pictures that calibration gets, and test as well.</summary>
    public const double HeldOutShare = 0.15;

    /// <summary>Splits by content alone: no seed, no name, no order. Equal files always fall into the same part.</summary>
    /// <remarks>Contents are ordered by their keys, which are as good as random; a picture more or less moves only its neighbours' borders.</remarks>
    /// <param name="images">At least one.</param>
    /// <param name="maxHeldOut">Most pictures in calibration, and in test; the rest trains.</param>
    public static PartSplit ByContent(IReadOnlyList<ImageEntry> images, int maxHeldOut = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(images);
        var contents = images.GroupBy(image => image.ContentKey).OrderBy(group => group.Key).Select(group => group.ToArray()).ToArray();
        var heldOut = Math.Min((int)Math.Round(HeldOutShare * contents.Length), maxHeldOut);
        if (contents.Length >= 3)
        {
            heldOut = Math.Max(heldOut, 1);
        }

        return new PartSplit(
            InNameOrder(contents.Skip(2 * heldOut)),
            InNameOrder(contents.Take(heldOut)),
            InNameOrder(contents.Skip(heldOut).Take(heldOut)));
    }

    /// <summary>All of one folder trains; the other one, of the user's choosing, is halved by content into calibration and test.</summary>
    public static PartSplit WithValidation(IReadOnlyList<ImageEntry> train, IReadOnlyList<ImageEntry> validation)
    {
        var contents = validation.GroupBy(image => image.ContentKey).OrderBy(group => group.Key).Select(group => group.ToArray()).ToArray();
        var half = (contents.Length + 1) / 2;
        return new PartSplit(train, InNameOrder(contents.Take(half)), InNameOrder(contents.Skip(half)));
    }

    private static ImageEntry[] InNameOrder(IEnumerable<ImageEntry[]> groups) =>
        [.. groups.SelectMany(group => group).OrderBy(image => image.Name, StringComparer.Ordinal)];
}
