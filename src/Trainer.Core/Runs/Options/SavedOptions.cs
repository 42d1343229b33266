using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Trainer.Core.Imaging;
using Trainer.Core.Platform;

namespace Trainer.Core.Runs.Options;

/// <summary>The options that a run was trained with, as the trainer of that time saved them.</summary>
/// <remarks>
/// Versions add and remove options, and old runs must stay readable. So code that reads a run asks for the few options that it needs by
/// name;
/// all others are only displayed. Only resuming a run requires all of them to be known.
/// </remarks>
[JsonConverter(typeof(Converter))]
public sealed class SavedOptions
{
    private readonly JsonObject json;

    private SavedOptions(JsonObject json) => this.json = json;

    /// <summary>The options of a new run.</summary>
    public static SavedOptions Of(TrainingOptions options) => new(OptionsFile.Layer(options));

    /// <summary>Folder of pictures of the subject.</summary>
    public string Normal => Text("normal")!; // checked on reading

    /// <summary>Folder of ordinary pictures.</summary>
    public string Coco => Text("coco")!; // checked on reading

    /// <summary>Folders of known look-alikes, by name.</summary>
    public IReadOnlyDictionary<string, string> Negative => json["negative"] is JsonObject folders
        ? folders.Where(folder => folder.Value is JsonValue value && value.TryGetValue<string>(out _))
            .ToDictionary(folder => folder.Key, folder => folder.Value!.GetValue<string>()) // a string, as filtered above
        : new Dictionary<string, string>();

    /// <summary>Normals for calibration and test; null where both were split off from <see cref="Normal"/>.</summary>
    public string? ValidNormal => Text("validNormal");

    /// <summary>Negatives for calibration and test; null where both were split off from <see cref="Coco"/>.</summary>
    public string? ValidCoco => Text("validCoco");

    /// <summary>Epochs of the whole run; 0 if not given.</summary>
    public int Epochs => (int)Math.Clamp(Number("epochs") ?? 0, 0, int.MaxValue);

    /// <summary>Share of the subject's pictures that the threshold should accept; 0.95 if not given.</summary>
    public double Accept => Number("accept") is > 0 and <= 1 and var share ? share : 0.95;

    /// <summary>How a picture becomes the network's input; the default for runs of versions without this option.</summary>
    public Preprocessing Preprocessing =>
        Number("size") is { } size && Preprocessing.Edges.FirstOrDefault(edge => edge == size) is > 0 and var edge ? new(edge)
        : Preprocessing.Default;

    /// <summary>How the start weights' training pictures were normalised; auto if not given.</summary>
    public WeightsInput WeightsInput =>
        Enum.TryParse<WeightsInput>(Text("weightsInput"), ignoreCase: true, out var input) ? input : WeightsInput.Auto;

    /// <summary>Every option and its value, by the names in JSON, in the order of the file.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> All => json;

    /// <summary>Options that this trainer has but the trainer that saved these lacked. A resumed run uses their defaults.</summary>
    public IEnumerable<string> Missing => OptionsFile.Names.Where(name => !json.ContainsKey(name));

    /// <summary>Converts all of them to this version's options, to resume the run.</summary>
    /// <exception cref="TrainerException">This trainer doesn't know one of the options or values.</exception>
    public TrainingOptions Understand()
    {
        string[] unknown = [.. json.Select(option => option.Key).Except(OptionsFile.Names)];
        return unknown.Length == 0
            ? OptionsFile.Resolve(json)
            : throw new TrainerException("It was begun with "
                + $"{(unknown.Length == 1 ? "an option that no longer exists" : "options that no longer exist")}: "
                + $"{string.Join(", ", unknown)}.");
    }

    /// <summary>As one line of JSON.</summary>
    public override string ToString() => json.ToJsonString(Json.Line);

    private string? Text(string name) => json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private double? Number(string name) => json[name] is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;

    private sealed class Converter : JsonConverter<SavedOptions>
    {
        public override SavedOptions Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var saved = new SavedOptions(
                JsonNode.Parse(ref reader) as JsonObject ?? throw new JsonException("its options aren't a JSON object."));
            return saved.Text("normal") is not null && saved.Text("coco") is not null ? saved
                : throw new JsonException("its options lack the folders 'normal' and 'coco'.");
        }

        public override void Write(Utf8JsonWriter writer, SavedOptions value, JsonSerializerOptions options) =>
            value.json.WriteTo(writer, options);
    }
}
