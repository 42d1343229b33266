using System.Buffers.Binary;

namespace Trainer.Core.Weights.Safetensors;

/// <summary>Reads and writes safetensors: a length, a JSON header, then the numbers.</summary>
/// <remarks>The format: <see href="https://huggingface.co/docs/safetensors"/>. As strict as the official reader.</remarks>
internal static class SafetensorsFile
{
    private const int LengthBytes = 8;
    private const int LongestHeader = 100_000_000;
    private const int Alignment = 8;

    /// <summary>Reads a safetensors file.</summary>
    /// <exception cref="TrainerException">It can't be read, or breaks a rule of the format; the message says which.</exception>
    public static WeightFile Read(string path) => Parse(FileContent.Read(path), path);

    /// <summary>Reads a safetensors file that is in memory; the tensors are slices of it, not copies.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="fileName">What errors call it.</param>
    /// <exception cref="TrainerException">It breaks a rule of the format; the message says which.</exception>
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

    /// <summary>Writes tensors so that the official reader takes them.</summary>
    /// <remarks>
    /// The header keeps the order given. The numbers lie by falling size of their type, so that each begins at a multiple
    /// of its size: the official reader's views want that.
    /// </remarks>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="tensors">No two of one name, none named <c>__metadata__</c>.</param>
    /// <param name="metadata">Strings to put beside them; none when null.</param>
    /// <exception cref="ArgumentException">A name is there twice or is reserved.</exception>
    /// <exception cref="IOException">The stream refuses.</exception>
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
        new($"'{fileName}' is no whole safetensors file: {what}. Get or save the file again.");
}
