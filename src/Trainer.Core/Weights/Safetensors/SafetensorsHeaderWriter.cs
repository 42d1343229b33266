using System.Text.Json;

namespace Trainer.Core.Weights.Safetensors;

/// <summary>Writes the header that <see cref="SafetensorsHeader"/> reads.</summary>
internal static class SafetensorsHeaderWriter
{
    /// <summary>The header's JSON, without padding.</summary>
    /// <param name="tensors">The tensors in the order of the header.</param>
    /// <param name="laidOut">The same tensors in the order of their data.</param>
    /// <param name="metadata">Strings to store first; none when null.</param>
    public static byte[] Json(
        IEnumerable<WeightTensor> tensors, IEnumerable<WeightTensor> laidOut, IReadOnlyDictionary<string, string>? metadata)
    {
        var begins = new Dictionary<string, long>();
        long end = 0;
        foreach (var tensor in laidOut)
        {
            begins.Add(tensor.Name, end);
            end += tensor.Data.Length;
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            foreach (var tensor in tensors)
            {
                WriteEntry(json, tensor, begins[tensor.Name]);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null || metadata.Count == 0)
        {
            return;
        }

        json.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach (var (key, value) in metadata)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, WeightTensor tensor, long begin)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type.SafetensorsName());
        json.WriteStartArray("shape");
        foreach (var edge in tensor.Shape)
        {
            json.WriteNumberValue(edge);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(begin + tensor.Data.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
