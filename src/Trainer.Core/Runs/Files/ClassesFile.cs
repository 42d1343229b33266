using System.Globalization;
using System.Text.Json;
using Trainer.Core.Platform;

namespace Trainer.Core.Runs.Files;

/// <summary>
/// classes.tsv: the class that each training photo got before the first step. A resumed run needs the file, because its features have
/// changed since.
/// </summary>
internal static class ClassesFile
{
    private const int Format = 1;
    private const string Heading = "content\tclass";

    /// <summary>Writes the classes, atomically.</summary>
    /// <param name="labels">Class index by the photo's content key.</param>
    public static void Write(string path, IReadOnlyDictionary<ulong, int> labels) => AtomicFile.WriteText(
        path,
        string.Concat(labels.OrderBy(pair => pair.Key)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key:x16}\t{pair.Value}\n"))
        .Prepend($"{FileFormat.Line(Format)}{Heading}\n")));

    /// <summary>Reads them back.</summary>
    /// <exception cref="TrainerException">The file is missing or damaged.</exception>
    public static IReadOnlyDictionary<ulong, int> Read(string path)
    {
        try
        {
            var lines = FileFormat.ReadLines(path, Format).ToArray();
            return lines is [Heading, ..]
                ? lines.Skip(1).Select(line => line.Split('\t')).ToDictionary(
                    cells => ulong.Parse(cells[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                    cells => int.Parse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture))
                : throw new FormatException("it doesn't begin with its heading");
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or FormatException or OverflowException
            or IndexOutOfRangeException or ArgumentException or JsonException)
        {
            throw new TrainerException(
                $"Can't read the run's classes '{path}': {e.Message} Without them the run can't go on; train again.", e);
        }
    }
}
