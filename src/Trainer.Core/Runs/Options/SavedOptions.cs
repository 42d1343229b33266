using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Trainer.Core.Imaging;
using Trainer.Core.Platform;

namespace Trainer.Core.Runs.Options;

/// <summary>The options that a run was trained with, as the trainer of that time saved them.</summary>
/// <remarks>
/// Options come and go with the versions, and no run may be lost by it. So whoever reads a run asks for the few options that it needs by name;
/// all others are only shown. Only a resume has to understand every one of them.
/// </remarks>
[JsonConverter(typeof(Converter))]
public sealed class SavedOptions
{
    private readonly JsonObject json;

    private SavedOptions(JsonObject json) => this.json = json;

    /// <summary>The options of a run that begins.</summary>
    public static SavedOptions Of(TrainingOptions options) => new(OptionsFile.Layer(options));

    /// <summary>Folder of pictures of the subject.</summary>
    public string Normal => Text("normal")!; // made sure of when it was read

    /// <summary>Folder of ordinary pictures.</summary>
    public string Coco => Text("coco")!; // made sure of when it was read

    /// <summary>Folders of known look-alikes, by name.</summary>
    public IReadOnlyDictionary<string, string> Negative => json["negative"] is JsonObject folders
        ? folders.Where(folder => folder.Value is JsonValue value && value.TryGetValue<string>(out _)).ToDictionary(folder => folder.Key, folder => folder.Value!.GetValue<string>()) // a text: see above
        : new Dictionary<string, string>();

    /// <summary>Normals for calibration and test; null where both were split off from <see cref="Normal"/>.</summary>
    public string? ValidNormal => Text("validNormal");

    /// <summary>Negatives for calibration and test; null where both were split off from <see cref="Coco"/>.</summary>
    public string? ValidCoco => Text("validCoco");

    /// <summary>Epochs of the whole run; 0 where it isn't said.</summary>
    public int Epochs => (int)Math.Clamp(Number("epochs") ?? 0, 0, int.MaxValue);

    /// <summary>Share of the subject's pictures that the threshold was meant to accept.</summary>
    public double Accept => Number("accept") is > 0 and <= 1 and var share ? share : 0.95;

    /// <summary>How a picture becomes the network's input; the default where there was no choice of it.</summary>
    public Preprocessing Preprocessing => Number("size") is { } size && Preprocessing.Edges.FirstOrDefault(edge => edge == size) is > 0 and var edge ? new(edge) : Preprocessing.Default;

    /// <summary>How the start weights' training pictures were normalised; auto where it isn't said.</summary>
    public WeightsInput WeightsInput => Enum.TryParse<WeightsInput>(Text("weightsInput"), ignoreCase: true, out var input) ? input : WeightsInput.Auto;

    /// <summary>Every option and its value, by the names in JSON, in the order of the file.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> All => json;

    /// <summary>Options that this trainer has and the one that saved these had not: a resume takes their defaults.</summary>
    public IEnumerable<string> Missing => OptionsFile.Names.Where(name => !json.ContainsKey(name));

    /// <summary>All of it in today's terms, to go on with the run.</summary>
    /// <exception cref="TrainerException">This trainer lacks one of the options, or one of the values.</exception>
    public TrainingOptions Understand()
    {
        string[] unknown = [.. json.Select(option => option.Key).Except(OptionsFile.Names)];
        return unknown.Length == 0
            ? OptionsFile.Resolve(json)
            : throw new TrainerException($"It was begun with {(unknown.Length == 1 ? "an option that is gone" : "options that are gone")}: {string.Join(", ", unknown)}.");
    }

    /// <summary>As one line of JSON.</summary>
    public override string ToString() => json.ToJsonString(Json.Line);

    private string? Text(string name) => json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private double? Number(string name) => json[name] is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;

    private sealed class Converter : JsonConverter<SavedOptions>
    {
        public override SavedOptions Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var saved = new SavedOptions(JsonNode.Parse(ref reader) as JsonObject ?? throw new JsonException("its options are no object."));
            return saved.Text("normal") is not null && saved.Text("coco") is not null ? saved : throw new JsonException("its options lack the folders 'normal' and 'coco'.");
        }

        public override void Write(Utf8JsonWriter writer, SavedOptions value, JsonSerializerOptions options) => value.json.WriteTo(writer, options);
    }
}
