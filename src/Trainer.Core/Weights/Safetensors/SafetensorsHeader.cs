using System.Text.Json;
using System.Text.Unicode;

namespace Trainer.Core.Weights.Safetensors;

/// <summary>The JSON header of a safetensors file: the tensors' names, types, shapes and offsets.</summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The key of the strings that describe the file; it isn't a tensor.</summary>
    public const string MetadataKey = "__metadata__";

    // PyTorch's own limit. Without one, a hostile header could make two bytes ("1,") take eight bytes of memory.
    private const int MostEdges = 64;

    private readonly string fileName;
    private readonly List<Entry> entries = [];
    private readonly Dictionary<string, string> metadata = [];

    private SafetensorsHeader(string fileName) => this.fileName = fileName;

    /// <summary>
    /// A tensor and its place: the bytes from <paramref name="Begin"/> up to <paramref name="End"/> (exclusive) after the header.
    /// </summary>
    public readonly record struct Entry(string Name, WeightType Type, long[] Shape, long Begin, long End);

    /// <summary>The tensors, in the header's order; overlaps and gaps aren't checked here.</summary>
    public IReadOnlyList<Entry> Entries => entries;

    /// <summary>The strings under <see cref="MetadataKey"/>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => metadata;

    /// <summary>Reads the header.</summary>
    /// <exception cref="TrainerException">The header isn't UTF-8 or JSON, or breaks a rule of the format.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, string fileName)
    {
        var header = new SafetensorsHeader(fileName);
        if (!Utf8.IsValid(json))
        {
            throw header.Damaged("it isn't UTF-8");
        }

        try
        {
            var reader = new Utf8JsonReader(json);
            header.ReadTensors(ref reader);
            return header;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // InvalidOperationException: "\ud800" isn't valid text
        {
            throw new TrainerException(header.Damaged($"it isn't JSON: {ErrorText.Name(e.Message)}").Message, e);
        }
    }

    private void ReadTensors(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, "the header");
        var seen = new HashSet<string>();
        while (NextKey(ref reader) is { } name)
        {
            if (!seen.Add(name))
            {
                throw Damaged($"it names '{ErrorText.Name(name)}' twice");
            }

            if (name == MetadataKey)
            {
                ReadMetadata(ref reader);
            }
            else
            {
                entries.Add(ReadEntry(ref reader, name));
            }
        }

        reader.Read(); // throws if anything but white space follows
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, MetadataKey);
        while (NextKey(ref reader) is { } key)
        {
            Expect(ref reader, JsonTokenType.String, MetadataKey);
            if (!metadata.TryAdd(key, reader.GetString()!)) // a String token is never null
            {
                throw Damaged($"its {MetadataKey} names '{ErrorText.Name(key)}' twice");
            }
        }
    }

    private Entry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        WeightType? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        var shown = ErrorText.Name(name);
        Expect(ref reader, JsonTokenType.StartObject, shown);
        while (NextKey(ref reader) is { } key)
        {
            switch (key)
            {
                case "dtype" when type is null:
                    type = ReadType(ref reader, shown);
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, $"{shown}: its shape", MostEdges);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, $"{shown}: its data_offsets", 2);
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw Damaged($"{shown} names '{key}' twice");
                default:
                    reader.Read();
                    reader.Skip(); // the official reader ignores unknown keys too
                    break;
            }
        }

        return type is null || shape is null || offsets is not { Count: 2 }
            ? throw Damaged($"{shown} lacks its dtype, its shape or its two data_offsets")
            : new Entry(name, type.Value, [.. shape], offsets[0], offsets[1]);
    }

    private WeightType ReadType(ref Utf8JsonReader reader, string shown)
    {
        Expect(ref reader, JsonTokenType.String, $"{shown}: its dtype");
        var name = reader.GetString()!; // a String token is never null
        return WeightTypes.FromSafetensorsName(name) ?? throw new TrainerException(
            $"{shown} is of type '{ErrorText.Name(name)}' in '{fileName}', expected one of {WeightTypes.SafetensorsNames}.");
    }

    private List<long> ReadNumbers(ref Utf8JsonReader reader, string what, int atMost)
    {
        Expect(ref reader, JsonTokenType.StartArray, what);
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
            {
                throw Damaged($"{what} holds something other than whole numbers from 0 to 2^63 − 1");
            }

            if (numbers.Count == atMost)
            {
                throw Damaged($"{what} has more than {atMost} numbers");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    private static string? NextKey(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;
    }

    private void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        reader.Read();
        if (reader.TokenType != type)
        {
            throw Damaged($"{what} is {reader.TokenType}, expected {type}");
        }
    }

    private TrainerException Damaged(string what) => new(
        $"The safetensors header of '{fileName}' is damaged: {what}. Get or save the file again.");
}
