using System.Buffers.Binary;
using Trainer.Core.Export.Proof.CoreMl.Programs;

namespace Trainer.Core.Export.Proof.CoreMl;

/// <summary>Reads weight.bin as Core ML does: each tensor has a record with a sentinel, its type, its size and its offset.</summary>
internal sealed class BlobFile
{
    private const int Alignment = 64;
    private const uint Sentinel = 0xDEADBEEF;
    private const uint Version = 2;
    private static readonly Dictionary<Element, uint> Codes = new() { [Element.Float16] = 1, [Element.Float32] = 2, [Element.Int8] = 4 };

    private readonly ReadOnlyMemory<byte> file;
    private readonly HashSet<ulong> read = [];
    private readonly uint count;

    /// <exception cref="BrokenModelException">The header is cut short or has another version.</exception>
    public BlobFile(ReadOnlyMemory<byte> file)
    {
        this.file = file;
        var header = Slice(0, Alignment, "its header");
        count = BinaryPrimitives.ReadUInt32LittleEndian(header);
        var version = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        if (version != Version)
        {
            throw new BrokenModelException($"weight.bin is of version {version}, expected {Version}");
        }
    }

    /// <summary>Reads a tensor's bytes.</summary>
    /// <param name="offset">Offset of the tensor's record.</param>
    /// <exception cref="BrokenModelException">The record is missing or describes another tensor.</exception>
    public ReadOnlyMemory<byte> Read(string name, ulong offset, TensorType type)
    {
        var record = Slice(Aligned(name, offset), Alignment, $"the record of {name}");
        var sentinel = BinaryPrimitives.ReadUInt32LittleEndian(record);
        if (sentinel != Sentinel)
        {
            throw new BrokenModelException(
                $"weight.bin has no record of {name} at {offset}: it starts with {sentinel:X8}, expected {Sentinel:X8}");
        }

        var code = BinaryPrimitives.ReadUInt32LittleEndian(record[4..]);
        var size = BinaryPrimitives.ReadUInt64LittleEndian(record[8..]);
        var place = Aligned(name, BinaryPrimitives.ReadUInt64LittleEndian(record[16..]));
        if (Codes.GetValueOrDefault(type.Element) != code || size != (ulong)type.Bytes)
        {
            throw new BrokenModelException(
                $"weight.bin holds {size} bytes of type {code} for {name}, expected {type.Bytes} bytes for {type}");
        }

        _ = Slice(place, size, $"the numbers of {name}");
        read.Add(offset);
        return file.Slice((int)place, (int)size);
    }

    /// <exception cref="BrokenModelException">The header gives another number of tensors than were read.</exception>
    public void RequireAllRead()
    {
        if (read.Count != count)
        {
            throw new BrokenModelException($"weight.bin counts {count} tensors, the model uses {read.Count}");
        }
    }

    private static ulong Aligned(string name, ulong offset) => offset % Alignment == 0
        ? offset
        : throw new BrokenModelException($"{name} lies at {offset} in weight.bin, which is no multiple of {Alignment}");

    private ReadOnlySpan<byte> Slice(ulong offset, ulong length, string what) =>
        offset <= (ulong)file.Length && length <= (ulong)file.Length - offset
        ? file.Span.Slice((int)offset, (int)length)
        : throw new BrokenModelException($"weight.bin is cut short: {what} would end at {offset + length}, the file does at {file.Length}");
}
