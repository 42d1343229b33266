using System.Text.Json;
using System.Text.Json.Nodes;
using Trainer.Core.Platform;
using Trainer.Core.Wording;

namespace Trainer.Core.Runs.Options;

/// <summary>Puts options together: defaults, over them a JSON file, over that the command line.</summary>
public static class OptionsFile
{
    private const long MaxBytes = 1 << 20;
    private static readonly string[] Required = ["normal", "coco", "out"];

    /// <summary>Every option's type, by its name in JSON.</summary>
    private static readonly IReadOnlyDictionary<string, Type> Types =
        Json.Strict.GetTypeInfo(typeof(TrainingOptions)).Properties.Where(option => option.Set is not null).ToDictionary(option => option.Name, option => option.PropertyType);

    /// <summary>The names of all options in JSON.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Types.Keys];

    /// <summary>Options as JSON, every one of them: a layer that leaves nothing to those below it.</summary>
    public static JsonObject Layer(TrainingOptions options) => (JsonObject)JsonSerializer.SerializeToNode(options, Json.Line)!; // a record becomes an object

    /// <summary>Reads a file that holds what differs from the defaults; comments and trailing commas are fine.</summary>
    /// <exception cref="TrainerException">The file is missing, no JSON object, or too large to be one of ours.</exception>
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

        if (merged.FirstOrDefault(option => !Types.ContainsKey(option.Key)).Key is { } unknown)
        {
            throw new TrainerException($"There is no option '{unknown}'.{NearName.Question(unknown, Names)} Known: {string.Join(", ", Names)}.");
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
        { IsEnum: true } type => $" Expected one of: {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName))}.",
        { } type when type == typeof(int) || type == typeof(long) => " Expected a whole number.",
        { } type when type == typeof(double) || type == typeof(double?) => " Expected a number.",
        _ => " Expected a text.",
    };
}
