namespace Trainer.Core.Catalog;

/// <summary>
/// The three parts of a set of pictures: one to train on, one that sets the centroid and the threshold, and one to report figures on.
/// </summary>
public sealed record PartSplit(IReadOnlyList<ImageEntry> Train, IReadOnlyList<ImageEntry> Calibration, IReadOnlyList<ImageEntry> Test)
{
    /// <summary>Share of the pictures in calibration; the test gets the same share.</summary>
    public const double HeldOutShare = 0.15;

    /// <summary>More calibration or test pictures of a folder would add little information and slow down every validation.</summary>
    public const int MostHeldOut = 1000;

    /// <summary>Splits by the files' contents alone, not by seed, name or order. Equal files are always in the same part.</summary>
    /// <remarks>
    /// Pictures are ordered by their content keys, which are practically random. One picture more or less moves few others between parts.
    /// </remarks>
    /// <param name="images">At least one.</param>
    /// <param name="groups">
    /// The group of each picture, such as its near-duplicates, which stay together. When null, only equal files stay together.
    /// </param>
    /// <param name="maxHeldOut">The most groups in calibration, and in the test; the others are for training.</param>
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

    /// <summary>How many of a number of pictures go to calibration; the same number goes to the test.</summary>
    public static int HeldOut(int pictures, int maxHeldOut = int.MaxValue)
    {
        var share = Math.Min((int)Math.Round(HeldOutShare * pictures), maxHeldOut);
        return pictures >= 3 ? Math.Max(share, 1) : share;
    }

    /// <summary>
    /// Trains on all of one folder. The user's validation folder is split by content into two halves: calibration and test.
    /// </summary>
    /// <param name="groups">The groups of the validation pictures; as in <see cref="ByContent"/>.</param>
    public static PartSplit WithValidation(
        IReadOnlyList<ImageEntry> train, IReadOnlyList<ImageEntry> validation, IReadOnlyList<int>? groups = null)
    {
        ArgumentNullException.ThrowIfNull(validation);
        var together = Together(validation, groups);
        var half = (together.Length + 1) / 2;
        return new PartSplit(train, InNameOrder(together.Take(half)), InNameOrder(together.Skip(half)));
    }

    /// <summary>The sets of pictures that must stay in one part, in the order of their content keys.</summary>
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
