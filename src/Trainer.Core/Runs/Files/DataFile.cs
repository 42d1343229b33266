using System.Globalization;
using System.Text.Json;
using Trainer.Core.Platform;

namespace Trainer.Core.Runs.Files;

/// <summary>
/// data.tsv: every picture of a run, in lines of set, name, length and content key. A resumed run finds by it which pictures have changed.
/// </summary>
internal static class DataFile
{
    private const int Format = 2; // the first format had no number
    private const int MostNamed = 5;

    /// <summary>Writes the list.</summary>
    public static void Write(string path, IEnumerable<PictureSet> sets) =>
        AtomicFile.WriteText(path, FileFormat.Line(Format) + string.Concat(Lines(sets).Select(line => $"{line.Key}\t{line.Value}\n")));

    /// <summary>Checks that the pictures are those that the run began with.</summary>
    /// <param name="began">The fingerprint in options.json.</param>
    /// <param name="found">The fingerprint of the pictures as they are now.</param>
    /// <param name="sets">The pictures as they are now.</param>
    /// <exception cref="TrainerException">The pictures differ; the message names those that were added, removed or changed.</exception>
    public static void RequireSame(string path, string began, string found, IEnumerable<PictureSet> sets)
    {
        if (began == found)
        {
            return;
        }

        var (before, now) = (Read(path), Lines(sets));
        string[] differences =
        [
            .. Named("added", now.Keys.Where(name => !before.ContainsKey(name))),
            .. Named("removed or unreadable", before.Keys.Where(name => !now.ContainsKey(name))),
            .. Named("changed",
                now.Where(line => before.TryGetValue(line.Key, out var content) && content != line.Value).Select(line => line.Key)),
        ];
        throw new TrainerException($"The pictures aren't those that the run began with: {string.Join("; ", differences)}. "
            + "Put them back to go on with this run, or start a new one.");
    }

    /// <summary>Content keys of the pictures of one set.</summary>
    /// <param name="set">The option that named its folder, without dashes: "normal".</param>
    /// <exception cref="TrainerException">The file is missing or damaged.</exception>
    public static HashSet<ulong> ContentsOf(string path, string set)
    {
        try
        {
            return [.. FileFormat.ReadLines(path, Format).Select(line => line.Split('\t'))
                .Where(fields => fields.Length == 4 && fields[0] == set)
                .Select(fields => ulong.Parse(fields[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException or OverflowException)
        {
            throw new TrainerException($"Can't read '{path}', which lists the run's pictures: {e.Message}", e);
        }
    }

    private static Dictionary<string, string> Lines(IEnumerable<PictureSet> sets) => sets
        .SelectMany(set => set.Images, (set, image) => (
            Key: $"{set.Name}\t{image.Name.ReplaceLineEndings(" ").Replace('\t', ' ')}",
            Value: string.Create(CultureInfo.InvariantCulture, $"{image.Length}\t{image.ContentKey:x16}")))
        .DistinctBy(line => line.Key) // two names that differ only in line breaks become equal
        .ToDictionary(line => line.Key, line => line.Value);

    private static Dictionary<string, string> Read(string path)
    {
        try
        {
            return FileFormat.ReadLines(path, Format).Select(line => line.Split('\t')).Where(fields => fields.Length == 4)
                .DistinctBy(fields => (fields[0], fields[1]))
                    .ToDictionary(fields => $"{fields[0]}\t{fields[1]}", fields => $"{fields[2]}\t{fields[3]}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new TrainerException(
                $"The pictures aren't those that the run began with, and '{path}', which lists them, can't be read: {e.Message}", e);
        }
    }

    private static IEnumerable<string> Named(string what, IEnumerable<string> keys)
    {
        var names = keys.Select(key => key.Replace('\t', '/')).Order(StringComparer.Ordinal).ToArray();
        if (names.Length > 0)
        {
            yield return $"{names.Length} {what} ({string.Join(", ", names.Take(MostNamed))}{(names.Length > MostNamed ? ", …" : "")})";
        }
    }
}
