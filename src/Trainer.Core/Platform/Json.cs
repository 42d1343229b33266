using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Trainer.Core.Platform;

/// <summary>The settings with which all of trainer's JSON is written and read.</summary>
public static class Json
{
    /// <summary>For one value per line: metrics.jsonl and --json.</summary>
    public static readonly JsonSerializerOptions Line = Options(indented: false);

    /// <summary>For files that people open.</summary>
    public static readonly JsonSerializerOptions Indented = Options(indented: true);

    /// <summary>
    /// For JSON that people write: an unknown member is an error. In a file that trainer wrote it comes from another version, and is
    /// ignored.
    /// </summary>
    public static readonly JsonSerializerOptions Strict = new(Indented) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private const long MostBytes = 1 << 20;

    /// <summary>The text of a file that trainer wrote; all such files are small.</summary>
    /// <exception cref="IOException">The file is missing, or larger than any that trainer writes.</exception>
    public static string ReadText(string path) => new FileInfo(path).Length <= MostBytes
        ? File.ReadAllText(path)
        : throw new IOException("It is larger than 1 MB, so this isn't a file that trainer wrote.");

    private static JsonSerializerOptions Options(bool indented) => new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(), // set here, so that callers can ask which members a type has
        WriteIndented = indented,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // keeps names readable; safe, as this JSON is never part of a web page
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false), new NumberOrNull() },
    };

    /// <summary>Writes NaN, which JSON doesn't have, as null: the value could not be measured.</summary>
    private sealed class NumberOrNull : JsonConverter<double>
    {
        public override bool HandleNull => true;

        public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(value);
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
