using System.Buffers;
using System.Buffers.Binary;

namespace Trainer.Core.Export.CoreMl;

/// <summary>weight.bin of an ML Program: a header, then a record followed by the data for each tensor.</summary>
/// <remarks>
/// Everything is little-endian; records and data are aligned to 64 bytes. Header: count, version 2. Record: sentinel, type, size in bytes,
/// offset of the data. Source: coremltools, MILBlob/Blob/StorageFormat.hpp.
/// </remarks>
internal sealed class WeightBlob
{
    public const int Alignment = 64;
    public const uint Version = 2;
    public const uint Sentinel = 0xDEADBEEF;

    private readonly ArrayBufferWriter<byte> file = new();
    private uint count;

    public WeightBlob() => file.Write(new byte[Alignment]);

    /// <summary>Adds a tensor's bytes.</summary>
    /// <returns>Offset of the tensor's record.</returns>
    public ulong Add(BlobType type, ReadOnlySpan<byte> data)
    {
        file.Write(new byte[(Alignment - (file.WrittenCount % Alignment)) % Alignment]);
        var offset = (ulong)file.WrittenCount;
        Span<byte> record = stackalloc byte[Alignment];
        record.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(record, Sentinel);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)type);
        BinaryPrimitives.WriteUInt64LittleEndian(record[8..], (ulong)data.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(record[16..], offset + Alignment);
        file.Write(record);
        file.Write(data);
        count++;
        return offset;
    }

    public byte[] ToArray()
    {
        var bytes = file.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Version);
        return bytes;
    }
}
