using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Trainer.Core.Platform;

namespace Trainer.Core.Runs.Files;

/// <summary>The format number in each file of a run: older formats are read, newer ones are refused.</summary>
/// <remarks>
/// The number rises when an older trainer would misread the file. Mere additions keep it, because unknown members are ignored. Files from
/// before the numbers count as format 1. embedding.txt has none, because numpy.loadtxt has to read it. See docs/decisions/0023.
/// </remarks>
internal static class FileFormat
{
    private const string Member = "format";
    private const string LineStart = "# format ";
    private const int BeforeNumbers = 1;

    /// <summary>A record as a JSON object that also holds the format.</summary>
    /// <param name="place">Index of the format among the members.</param>
    public static JsonObject Stamp<T>(T record, int format, int place = 0)
    {
        var json = (JsonObject)JsonSerializer.SerializeToNode(record, Json.Indented)!; // a record becomes an object
        json.Insert(place, Member, format);
        return json;
    }

    /// <summary>Checks that this trainer reads the format of a JSON object.</summary>
    /// <exception cref="JsonException">It isn't an object, or its format isn't a whole number above 0.</exception>
    /// <exception cref="TrainerException">A newer trainer wrote it.</exception>
    public static JsonObject Require(JsonNode? json, string path, int newest)
    {
        var members = json as JsonObject ?? throw new JsonException("it isn't a JSON object.");
        Require(path, members[Member] is null ? BeforeNumbers : members[Member] is JsonValue value && value.TryGetValue<int>(out var format)
            ? format : 0, newest);
        return members;
    }

    /// <summary>The first line of a text file.</summary>
    public static string Line(int format) => string.Create(CultureInfo.InvariantCulture, $"{LineStart}{format}\n");

    /// <summary>A text file's lines without the format line.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="JsonException">The format isn't a whole number above 0.</exception>
    /// <exception cref="TrainerException">A newer trainer wrote it.</exception>
    public static IEnumerable<string> ReadLines(string path, int newest)
    {
        foreach (var (i, line) in File.ReadLines(path).Index())
        {
            if (i > 0 || !line.StartsWith(LineStart, StringComparison.Ordinal))
            {
                yield return line;
            }
            else
            {
                Require(path, int.TryParse(line[LineStart.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var format)
                    ? format : 0, newest);
            }
        }
    }

    /// <summary>Checks that this trainer reads a format.</summary>
    /// <exception cref="JsonException">The format isn't above 0.</exception>
    /// <exception cref="TrainerException">A newer trainer wrote the file.</exception>
    public static void Require(string path, int format, int newest)
    {
        if (format < 1)
        {
            throw new JsonException("its format isn't a whole number above 0.");
        }

        if (format > newest)
        {
            throw new TrainerException(
                $"'{path}' has format {format}, and this trainer reads formats up to {newest}: a newer trainer wrote it. "
                + "Update trainer, or use the one that wrote it.");
        }
    }
}
