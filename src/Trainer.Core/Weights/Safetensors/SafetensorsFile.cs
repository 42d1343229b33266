using System.Buffers.Binary;

namespace Trainer.Core.Weights.Safetensors;

/// <summary>Reads and writes safetensors: a length, a JSON header, then the numbers.</summary>
/// <remarks>
/// The format is described at <see href="https://huggingface.co/docs/safetensors"/>. This reader is as strict as the official one.
/// </remarks>
internal static class SafetensorsFile
{
    private const int LengthBytes = 8;
    private const int LongestHeader = 100_000_000;
    private const int Alignment = 8;

    /// <summary>Reads a safetensors file.</summary>
    /// <exception cref="TrainerException">The file can't be read, or breaks a rule of the format; the message says which.</exception>
    public static WeightFile Read(string path) => Parse(FileContent.Read(path), path);

    /// <summary>Reads a safetensors file that is in memory. The tensors are slices of it, not copies.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="fileName">The file's name in errors.</param>
    /// <exception cref="TrainerException">The file breaks a rule of the format; the message says which.</exception>
    public static WeightFile Parse(ReadOnlyMemory<byte> content, string fileName)
    {
        var headerLength = HeaderLength(content.Span, fileName);
        var header = SafetensorsHeader.Parse(content.Span.Slice(LengthBytes, headerLength), fileName);
        var data = content[(LengthBytes + headerLength)..];
        RefuseHolesAndOverlaps(header.Entries, data.Length, fileName);
        var tensors = header.Entries.Select(entry => new WeightTensor(
            entry.Name, entry.Type, entry.Shape, data[(int)entry.Begin..(int)entry.End]));
        return new WeightFile(fileName, tensors, header.Metadata);
    }

    /// <summary>Writes tensors as a file that the official reader accepts.</summary>
    /// <remarks>
    /// The header keeps the given order. The data is ordered by descending size of the number type, so that each number's offset is a
    /// multiple of its size, as the official reader's views require.
    /// </remarks>
    /// <param name="stream">The stream to write to; it stays open.</param>
    /// <param name="tensors">Tensors with distinct names, none of them <c>__metadata__</c>.</param>
    /// <param name="metadata">Strings to store in the header; none when null.</param>
    /// <exception cref="ArgumentException">A name is used twice or is reserved.</exception>
    /// <exception cref="IOException">Writing to the stream failed.</exception>
    public static void Write(Stream stream, IEnumerable<WeightTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        var named = new OrderedDictionary<string, WeightTensor>(tensors.Select(tensor => KeyValuePair.Create(tensor.Name, tensor)));
        if (named.ContainsKey(SafetensorsHeader.MetadataKey))
        {
            throw new ArgumentException($"'{SafetensorsHeader.MetadataKey}' can't be a tensor's name.", nameof(tensors));
        }

        var laidOut = named.Values.OrderByDescending(tensor => tensor.Type.Size()).ToList();
        var json = SafetensorsHeaderWriter.Json(named.Values, laidOut, metadata);
        var padding = (Alignment - (json.Length % Alignment)) % Alignment;
        var length = new byte[LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length + padding);
        stream.Write(length);
        stream.Write(json);
        stream.Write("       "u8[..padding]);
        foreach (var tensor in laidOut)
        {
            stream.Write(tensor.Data.Span);
        }
    }

    private static int HeaderLength(ReadOnlySpan<byte> content, string fileName)
    {
        if (content.Length < LengthBytes)
        {
            throw Damaged(fileName, $"it has {content.Length} bytes, expected 8 or more");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(content);
        if (length > LongestHeader)
        {
            throw Damaged(fileName, $"its header claims {length} bytes, expected at most {LongestHeader}");
        }

        var there = content.Length - LengthBytes;
        if (length > (ulong)there)
        {
            throw Damaged(fileName, $"its header claims {length} bytes, but only {there} follow: it was cut short");
        }

        return length > 0 && content[LengthBytes] == '{'
            ? (int)length
            : throw Damaged(fileName, "its header doesn't begin with '{'");
    }

    private static void RefuseHolesAndOverlaps(IEnumerable<SafetensorsHeader.Entry> entries, long length, string fileName)
    {
        long end = 0;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            var name = ErrorText.Name(entry.Name);
            if (entry.Begin != end || entry.End < entry.Begin)
            {
                throw Damaged(fileName, $"{name} lies at {entry.Begin} to {entry.End}, expected to begin at {end} and not to end before");
            }

            if (entry.End > length)
            {
                throw Damaged(fileName, $"{name} ends at {entry.End}, but only {length} bytes follow the header: it was cut short");
            }

            var expected = entry.Type.ByteCount(entry.Shape);
            if (entry.End - entry.Begin != expected)
            {
                var asked = expected?.ToString() ?? "more than 2^63";
                throw Damaged(fileName, $"{name} has {entry.End - entry.Begin} bytes, expected {asked} "
                    + $"for {entry.Type} {ErrorText.Shape(entry.Shape)}");
            }

            end = entry.End;
        }

        if (end != length)
        {
            throw Damaged(fileName, $"its tensors end at {end}, but {length} bytes follow the header");
        }
    }

    private static TrainerException Damaged(string fileName, string what) =>
        new($"'{fileName}' isn't a complete safetensors file: {what}. Get or save the file again.");
}
