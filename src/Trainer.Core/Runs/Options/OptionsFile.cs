using System.Text.Json;
using System.Text.Json.Nodes;
using Trainer.Core.Platform;
using Trainer.Core.Wording;

namespace Trainer.Core.Runs.Options;

/// <summary>Combines options: a JSON file overrides the defaults, and the command line overrides both.</summary>
public static class OptionsFile
{
    private const long MaxBytes = 1 << 20;
    private static readonly string[] Required = ["normal", "coco", "out"];

    /// <summary>Every option's type, by its name in JSON.</summary>
    private static readonly IReadOnlyDictionary<string, Type> Types =
        Json.Strict.GetTypeInfo(typeof(TrainingOptions)).Properties.Where(option => option.Set is not null)
            .ToDictionary(option => option.Name, option => option.PropertyType);

    /// <summary>The names of all options in JSON.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Types.Keys];

    /// <summary>All options as JSON: a layer that overrides every layer below it.</summary>
    // a record becomes an object
    public static JsonObject Layer(TrainingOptions options) => (JsonObject)JsonSerializer.SerializeToNode(options, Json.Line)!;

    /// <summary>Reads a file with the options that differ from the defaults. Comments and trailing commas are allowed.</summary>
    /// <exception cref="TrainerException">The file is missing, isn't a JSON object, or is too large for a configuration.</exception>
    public static JsonObject Read(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw new TrainerException($"Can't read the configuration '{path}': it is a folder.");
            }

            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new TrainerException($"'{path}' is larger than 1 MB; a configuration is a few lines of JSON.");
            }

            var node = JsonNode.Parse(
                File.ReadAllText(path),
                documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (node is JsonObject json)
            {
                _ = json.Count; // throws now if a name occurs twice
                return json;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't read the configuration '{path}': {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new TrainerException($"The configuration '{path}' isn't valid JSON: {e.Message}", e);
        }

        throw new TrainerException($"The configuration '{path}' isn't a JSON object. "
            + "Expected something like { \"epochs\": 21, \"lr\": 0.001 }.");
    }

    /// <summary>Merges the layers and checks every range.</summary>
    /// <param name="layers">Later ones win.</param>
    /// <exception cref="TrainerException">A name is unknown, a value is invalid, or a required option is missing.</exception>
    public static TrainingOptions Resolve(params IEnumerable<JsonObject> layers)
    {
        var merged = new JsonObject();
        foreach (var (name, value) in layers.SelectMany(layer => layer))
        {
            merged[name] = value?.DeepClone();
        }

        if (merged.FirstOrDefault(option => !Types.ContainsKey(option.Key)).Key is { } unknown)
        {
            throw new TrainerException(
                $"There is no option '{unknown}'.{NearName.Question(unknown, Names)} Known: {string.Join(", ", Names)}.");
        }

        try
        {
            return merged.Deserialize<TrainingOptions>(Json.Strict)!.Checked(); // an object is never null
        }
        catch (JsonException e)
        {
            throw new TrainerException(Explain(e, merged), e);
        }
    }

    private static string Explain(JsonException e, JsonObject merged)
    {
        if (e.Path is { Length: > 2 } path && merged.TryGetPropertyValue(path[2..], out var value))
        {
            return $"The option '{path[2..]}' can't be {value?.ToJsonString() ?? "null"}.{Choices(path[2..])}";
        }

        var missing = Required.Where(name => merged[name] is null);
        return $"Missing: {string.Join(", ", missing.Select(name => $"--{name}"))}.";
    }

    private static string Choices(string name) => Types.GetValueOrDefault(name) switch
    {
        { IsEnum: true } type =>
            $" Expected one of: {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName))}.",
        { } type when type == typeof(int) || type == typeof(long) => " Expected a whole number.",
        { } type when type == typeof(double) || type == typeof(double?) => " Expected a number.",
        _ => " Expected text.",
    };
}
