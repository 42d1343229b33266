using System.Globalization;
using System.Text.Json;
using Trainer.Core.Catalog;
using Trainer.Core.Platform;

namespace Trainer.Core.Runs.Files;

/// <summary>
/// parts.tsv: the held-out pictures of a run, so that a later evaluation finds the same ones even if the folders have grown.
/// </summary>
/// <remarks>
/// Each line holds part, label, content key and name. Training pictures aren't listed; they are the rest, which with COCO would be 118,000
/// lines.
/// </remarks>
internal static class PartsFile
{
    private const int Format = 2; // the first format had no number
    private const string Calibration = "calibration";
    private const string Test = "test";

    /// <summary>Writes the held-out parts.</summary>
    /// <param name="lookAlikes">Known look-alikes, kind by kind.</param>
    public static void Write(string path, PartSplit normals, PartSplit negatives, params IReadOnlyList<NamedParts> lookAlikes)
    {
        ArgumentNullException.ThrowIfNull(normals);
        ArgumentNullException.ThrowIfNull(negatives);
        AtomicFile.WriteText(
            path, string.Concat(
            [FileFormat.Line(Format), .. Lines("normal", normals), .. Lines("negative", negatives),
            .. lookAlikes.SelectMany(kind => Lines(LabelOf(kind.Name), kind.Parts))]));
    }

    /// <summary>Finds the pictures of one part and label among a folder's pictures, by content key.</summary>
    /// <returns>The pictures that still exist, and how many the file lists.</returns>
    /// <exception cref="TrainerException">The file is missing or damaged.</exception>
    public static (IReadOnlyList<ImageEntry> Found, int Listed) Find(
        string path, HeldOutPart part, SetLabel label, IEnumerable<ImageEntry> images)
    {
        return Find(path, part, label == SetLabel.Normal ? "normal" : "negative", images);
    }

    /// <summary>The same for a kind of known look-alikes.</summary>
    /// <param name="kind">Name of the kind.</param>
    /// <inheritdoc cref="Find(string, HeldOutPart, SetLabel, IEnumerable{ImageEntry})"/>
    public static (IReadOnlyList<ImageEntry> Found, int Listed) FindLookAlikes(
        string path, HeldOutPart part, string kind, IEnumerable<ImageEntry> images) =>
        Find(path, part, LabelOf(kind), images);

    private static (IReadOnlyList<ImageEntry> Found, int Listed) Find(
        string path, HeldOutPart part, string label, IEnumerable<ImageEntry> images)
    {
        var wanted = Keys(path, part == HeldOutPart.Test ? Test : Calibration, label);
        var found = images.Where(image => wanted.Contains(image.ContentKey)).DistinctBy(image => image.ContentKey).ToArray();
        return (found, wanted.Count);
    }

    private static string LabelOf(string kind) => $"negative {kind.ReplaceLineEndings(" ").Replace('\t', ' ')}";

    private static HashSet<ulong> Keys(string path, string part, string label)
    {
        try
        {
            return [.. FileFormat.ReadLines(path, Format).Select(line => line.Split('\t'))
                .Where(fields => fields[0] == part && fields[1] == label)
                .Select(fields => ulong.Parse(fields[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or FormatException or JsonException or OverflowException
            or IndexOutOfRangeException)
        {
            throw new TrainerException(
                $"Can't read the run's parts from '{path}': {e.Message} Name folders to evaluate on instead: --normal, --coco.", e);
        }
    }

    private static IEnumerable<string> Lines(string label, PartSplit split) =>
        split.Calibration.Select(image => Line(Calibration, label, image)).Concat(split.Test.Select(image => Line(Test, label, image)));

    private static string Line(string part, string label, ImageEntry image) =>
        $"{part}\t{label}\t{image.ContentKey:x16}\t{image.Name.ReplaceLineEndings(" ").Replace('\t', ' ')}\n";
}

/// <summary>The parts that training doesn't use.</summary>
internal enum HeldOutPart
{
    /// <summary>Sets the centroid and the threshold.</summary>
    Calibration,

    /// <summary>Gives the gate's figures.</summary>
    Test,
}

/// <summary>What a set of pictures shows.</summary>
public enum SetLabel
{
    /// <summary>The subject.</summary>
    Normal,

    /// <summary>Anything else.</summary>
    Negative,
}
