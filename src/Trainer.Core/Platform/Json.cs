using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Trainer.Core.Platform;

/// <summary>How everything here is written as JSON and read from it.</summary>
public static class Json
{
    /// <summary>One value a line: metrics.jsonl and --json.</summary>
    public static readonly JsonSerializerOptions Line = Options(indented: false);

    /// <summary>For files that people open.</summary>
    public static readonly JsonSerializerOptions Indented = Options(indented: true);

    /// <summary>For what people write: a member that isn't known is an error. In files of ours it comes from another version, and is ignored.</summary>
    public static readonly JsonSerializerOptions Strict = new(Indented) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private const long MostBytes = 1 << 20;

    /// <summary>A whole file of ours, all of which are small.</summary>
    /// <exception cref="IOException">It is missing, or far larger than any that we write.</exception>
    public static string ReadText(string path) => new FileInfo(path).Length <= MostBytes
        ? File.ReadAllText(path)
        : throw new IOException("It is larger than 1 MB, so this isn't a file that trainer wrote.");

    private static JsonSerializerOptions Options(bool indented) => new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(), // named, so that it can be asked what members a type has
        WriteIndented = indented,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // files and terminals, no web page: names stay readable
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false), new NumberOrNull() },
    };

    /// <summary>JSON has no NaN: what could not be measured is null.</summary>
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
