namespace Trainer.Core.Catalog;

/// <summary>The three parts of a set of pictures: to learn from, to set centroid and threshold by, to report figures on.</summary>
public sealed record PartSplit(IReadOnlyList<ImageEntry> Train, IReadOnlyList<ImageEntry> Calibration, IReadOnlyList<ImageEntry> Test)
{
    /// <summary>Share of the pictures that calibration gets, and test as well.</summary>
    public const double HeldOutShare = 0.15;

    /// <summary>More calibration or test negatives than this tell nothing new, and each validation would wait for them.</summary>
    public const int MostHeldOutNegatives = 1000;

    /// <summary>Splits by content alone: no seed, no name, no order. Equal files always fall into the same part.</summary>
    /// <remarks>Contents are ordered by their keys, which are as good as random; a picture more or less moves only its neighbours' borders.</remarks>
    /// <param name="images">At least one.</param>
    /// <param name="groups">Number of each picture's group, such as its near-duplicates: they stay together. Null: equal files alone do.</param>
    /// <param name="maxHeldOut">Most pictures in calibration, and in test; the rest trains.</param>
    public static PartSplit ByContent(IReadOnlyList<ImageEntry> images, IReadOnlyList<int>? groups = null, int maxHeldOut = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(images);
        var together = Together(images, groups);
        var heldOut = HeldOut(together.Length, maxHeldOut);
        return new PartSplit(
            InNameOrder(together.Skip(2 * heldOut)),
            InNameOrder(together.Take(heldOut)),
            InNameOrder(together.Skip(heldOut).Take(heldOut)));
    }

    /// <summary>How many of so many go to calibration, and to the test as well.</summary>
    public static int HeldOut(int pictures, int maxHeldOut = int.MaxValue)
    {
        var share = Math.Min((int)Math.Round(HeldOutShare * pictures), maxHeldOut);
        return pictures >= 3 ? Math.Max(share, 1) : share;
    }

    /// <summary>All of one folder trains; the other one, of the user's choosing, is halved by content into calibration and test.</summary>
    /// <param name="groups">Of the validation pictures; as in <see cref="ByContent"/>.</param>
    public static PartSplit WithValidation(IReadOnlyList<ImageEntry> train, IReadOnlyList<ImageEntry> validation, IReadOnlyList<int>? groups = null)
    {
        ArgumentNullException.ThrowIfNull(validation);
        var together = Together(validation, groups);
        var half = (together.Length + 1) / 2;
        return new PartSplit(train, InNameOrder(together.Take(half)), InNameOrder(together.Skip(half)));
    }

    /// <summary>Pictures that must not be parted, in the order of their keys.</summary>
    private static ImageEntry[][] Together(IReadOnlyList<ImageEntry> images, IReadOnlyList<int>? groups) =>
    [
        .. images.Select((image, i) => (image, Group: groups is null ? image.ContentKey : (ulong)groups[i]))
            .GroupBy(pair => pair.Group, pair => pair.image)
            .Select(group => group.ToArray())
            .OrderBy(group => group.Min(image => image.ContentKey)),
    ];

    private static ImageEntry[] InNameOrder(IEnumerable<ImageEntry[]> groups) =>
        [.. groups.SelectMany(group => group).OrderBy(image => image.Name, StringComparer.Ordinal)];
}
