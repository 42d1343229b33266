using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trainer.Core.Training;

/// <summary>Puts options together: defaults, over them a JSON file, over that the command line.</summary>
public static class OptionsFile
{
    private const long MaxBytes = 1 << 20;
    private static readonly string[] Required = ["normal", "coco", "out"];

    /// <summary>Reads a file that holds what differs from the defaults; comments and trailing commas are fine.</summary>
    /// <exception cref="TrainerException">The file is missing, no JSON object, or too large to be one of ours.</exception>
    public static JsonObject Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new TrainerException($"'{path}' is larger than 1 MB; a configuration is a few lines of JSON.");
            }

            var node = JsonNode.Parse(
                File.ReadAllText(path), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (node is JsonObject json)
            {
                _ = json.Count; // finds duplicate names now
                return json;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't read the configuration '{path}': {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new TrainerException($"The configuration '{path}' is no valid JSON: {e.Message}", e);
        }

        throw new TrainerException($"The configuration '{path}' holds no JSON object. Expected something like {{ \"epochs\": 21, \"lr\": 0.001 }}.");
    }

    /// <summary>The options that result, ranges checked.</summary>
    /// <param name="layers">Later ones win.</param>
    /// <exception cref="TrainerException">A name or a value isn't known, or something required is missing.</exception>
    public static TrainingOptions Resolve(params IEnumerable<JsonObject> layers)
    {
        var merged = new JsonObject();
        foreach (var (name, value) in layers.SelectMany(layer => layer))
        {
            merged[name] = value?.DeepClone();
        }

        try
        {
            return merged.Deserialize<TrainingOptions>(Json.Indented)!.Checked(); // an object is never null
        }
        catch (JsonException e)
        {
            throw new TrainerException(Explain(e, merged), e);
        }
    }

    private static string Explain(JsonException e, JsonObject merged)
    {
        var known = Names();
        if (merged.FirstOrDefault(p => !known.Contains(p.Key)).Key is { } unknown)
        {
            var near = known.MinBy(name => Distance(name, unknown))!;
            return $"There is no option '{unknown}'.{(Distance(near, unknown) <= 3 ? $" Did you mean '{near}'?" : "")} Known: {string.Join(", ", known)}.";
        }

        if (e.Path is { Length: > 2 } path && merged[path[2..]] is { } value)
        {
            return $"The option '{path[2..]}' can't be {value.ToJsonString()}.{Choices(path[2..])}";
        }

        var missing = Required.Where(name => merged[name] is null);
        return $"Missing: {string.Join(", ", missing.Select(name => $"--{name}"))}.";
    }

    private static string Choices(string name)
    {
        var type = typeof(TrainingOptions).GetProperties().FirstOrDefault(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name) == name)?.PropertyType;
        return type switch
        {
            { IsEnum: true } => $" Expected one of: {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName))}.",
            _ when type == typeof(int) || type == typeof(long) => " Expected a whole number.",
            _ when type == typeof(double) => " Expected a number.",
            _ => " Expected a text.",
        };
    }

    private static string[] Names() => [.. typeof(TrainingOptions).GetProperties().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name))];

    /// <summary>Letters to add, drop or change from one word to the other (Levenshtein 1966).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
