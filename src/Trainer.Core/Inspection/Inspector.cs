using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;

namespace Trainer.Core.Inspection;

/// <summary>Inspects folders of pictures before training. Keeps about a kilobyte per picture in memory.</summary>
/// <param name="preprocessing">The preprocessing of the network that the pictures are for.</param>
/// <param name="threads">Number of pictures read at the same time.</param>
public sealed class Inspector(Preprocessing preprocessing, int threads)
{
    private const double MostAspect = 3;
    private const double LeastContrast = 5;
    private const double SquareWithin = 1.01;

    /// <summary>Reads every picture once.</summary>
    /// <param name="sets">At least one of them holds normals.</param>
    /// <param name="accept">Share of the subject's photos that a threshold should accept; above 0, at most 1.</param>
    /// <param name="skipped">Receives the files that can't be read.</param>
    /// <param name="done">Called with the number of pictures done so far, over all sets.</param>
    public DataFindings Inspect(
        IReadOnlyList<InspectionSet> sets, double accept, SkippedFiles skipped, Action<int>? done = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(sets);
        ArgumentNullException.ThrowIfNull(skipped);
        var before = 0;
        var read = new List<InspectedPicture>();
        foreach (var set in sets)
        {
            var images = set.Pictures.Images;
            var facts = PictureReader.Read(images, threads, PictureFacts.Of, skipped, count => done?.Invoke(before + count), cancel);
            // just filtered
            read.AddRange(images.Zip(facts).Where(pair => pair.Second is not null)
                .Select(pair => new InspectedPicture(set, pair.First, pair.Second!)));
            before += images.Count;
        }

        var reasons = skipped.All.ToDictionary(file => file.Path);
        var duplicates = Copies.Find(read);
        var findings = new DataFindings(
            [],
            [.. sets.Select(set => Describe(set, [.. read.Where(picture => picture.Set == set)], reasons))],
            duplicates,
            [.. Shortcuts(sets, read)],
            Judge(sets, read, duplicates, accept),
            []);
        return findings with { Warnings = [.. Warnings.Of(findings)] };
    }

    private static IEnumerable<Shortcut> Shortcuts(IReadOnlyList<InspectionSet> sets, List<InspectedPicture> read)
    {
        PictureFacts[] Facts(Func<InspectionSet, bool> wanted) =>
            [.. read.Where(picture => wanted(picture.Set)).Select(picture => picture.Facts)];
        var normals = Facts(set => set.Role == SetRole.Normal);
        return sets.Where(set => set.Role == SetRole.Negative)
            .SelectMany(negatives => Inspection.Shortcuts.Between(normals, Facts(set => set == negatives), negatives.Name));
    }

    private SetFindings Describe(InspectionSet set, IReadOnlyList<InspectedPicture> pictures, Dictionary<string, SkippedFile> reasons) =>
        new(
        set.Name,
        set.Role,
        set.Pictures.Folder,
        pictures.Count,
        set.Pictures.OtherFiles,
        pictures.Sum(picture => picture.Image.Length),
        [.. pictures.CountBy(picture => NameOf(picture.Facts.Format)).OrderByDescending(format => format.Value)
            .Select(format => new FormatCount(format.Key, format.Value))],
        pictures.Count > 0 ? Sizes([.. pictures.Select(picture => picture.Facts)]) : null,
        [.. set.Pictures.Skipped, .. set.Pictures.Images.Select(image => reasons.GetValueOrDefault(image.Path)).OfType<SkippedFile>()],
        [.. pictures.Select(picture => (picture.Image, Reason: Oddity(picture.Facts))).Where(odd => odd.Reason is not null)
            .Select(odd => new OddPicture(odd.Image.Name, odd.Image.Path, odd.Reason!))]); // just filtered

    private string? Oddity(PictureFacts facts) =>
        Math.Min(facts.Width, facts.Height) < preprocessing.Edge
            ? $"only {facts.Width}x{facts.Height} pixels; the network looks at {preprocessing.Edge}x{preprocessing.Edge}"
        : facts.Contrast < LeastContrast ? "nearly plain: there is nothing to see"
        : facts.AspectRatio > MostAspect
            ? FormattableString.Invariant($"one side is {facts.AspectRatio:f1} times the other; the network looks at the middle square")
        : null;

    private static PictureSizes Sizes(IReadOnlyList<PictureFacts> pictures)
    {
        int[] widths = [.. pictures.Select(p => p.Width).Order()], heights = [.. pictures.Select(p => p.Height).Order()];
        var squares = (double)pictures.Count(p => p.AspectRatio <= SquareWithin) / pictures.Count;
        return new PictureSizes(
            widths[0], heights[0], widths[widths.Length / 2], heights[heights.Length / 2], widths[^1], heights[^1], squares);
    }

    /// <summary>Counts copies once, because a copy adds no evidence.</summary>
    private static EnoughPictures Judge(
        IReadOnlyList<InspectionSet> sets, List<InspectedPicture> read, IReadOnlyList<DuplicateGroup> duplicates, double accept)
    {
        int? Different(string name) => sets.Any(set => set.Name == name)
            ? read.Count(picture => picture.Set.Name == name) - duplicates.Sum(
                group => Math.Max(group.Pictures.Count(picture => picture.Set == name) - 1, 0))
            : null;
        return Enough.Judge(
            accept,
            Different(InspectionSet.Normal) ?? 0,
            Different(InspectionSet.ValidNormal),
            Different(InspectionSet.Coco) ?? 0,
            Different(InspectionSet.ValidCoco));
    }

    private static string NameOf(ImageFormat format) => format switch
    {
        ImageFormat.Heif => "HEIF/AVIF",
        ImageFormat.Netpbm => "PBM/PGM/PPM",
        ImageFormat.WebP or ImageFormat.Unknown => format.ToString(),
        _ => format.ToString().ToUpperInvariant(),
    };
}
