using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Trainer.Core.Export.Proof.CoreMl;

namespace Trainer.Core.Export.Proof.LiteRt;

/// <summary>
/// A table of a FlatBuffers file, read by the public wire format. The writer's library isn't used, because it would confirm its own errors.
/// </summary>
/// <remarks>
/// A table begins with the distance back to its list of fields, which holds each field's offset from the table's start, or 0 if it is
/// absent; <see href="https://flatbuffers.dev/internals/"/>.
/// </remarks>
internal sealed class FlatTable
{
    private const int Head = 4; // size of the list's head: its own length and the table's

    private readonly ReadOnlyMemory<byte> file;
    private readonly long place;
    private readonly long fields;
    private readonly int count;
    private readonly string what;

    /// <param name="place">Offset of the table in the file.</param>
    /// <param name="known">The known fields; any other field is refused.</param>
    private FlatTable(ReadOnlyMemory<byte> file, long place, string what, int[] known)
    {
        (this.file, this.place, this.what) = (file, place, what);
        fields = place - BinaryPrimitives.ReadInt32LittleEndian(Slice(place, sizeof(int)));
        count = (BinaryPrimitives.ReadUInt16LittleEndian(Slice(fields, sizeof(ushort))) - Head) / sizeof(ushort);
        foreach (var field in Enumerable.Range(0, Math.Max(count, 0)).Except(known).Where(Has))
        {
            throw new BrokenModelException($"{what} has a field {field}, which no gate has");
        }
    }

    /// <summary>The root table of a file.</summary>
    /// <param name="identifier">Four letters that identify the schema.</param>
    /// <exception cref="BrokenModelException">The file is of another kind, or cut short.</exception>
    public static FlatTable Root(ReadOnlyMemory<byte> file, string identifier, string what, params int[] known)
    {
        var start = file.Span[..Math.Min(file.Length, 8)];
        return start.Length == 8 && start[4..].SequenceEqual(Encoding.ASCII.GetBytes(identifier))
            ? new FlatTable(file, BinaryPrimitives.ReadUInt32LittleEndian(start), what, known)
            : throw new BrokenModelException($"{what} doesn't start as '{identifier}' files do");
    }

    public bool Has(int field) => Offset(field) != 0;

    public int Byte(int field) => Has(field) ? Slice(place + Offset(field), 1)[0] : 0;

    /// <summary>A field's number; 0 if the field is missing.</summary>
    public int Whole(int field) => Has(field) ? BinaryPrimitives.ReadInt32LittleEndian(Slice(place + Offset(field), sizeof(int))) : 0;

    public float Float(int field) => BitConverter.Int32BitsToSingle(Whole(field));

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field).Span);

    /// <summary>The bytes of a byte vector or a string; empty if the field is missing.</summary>
    public ReadOnlyMemory<byte> Bytes(int field) => Vector(field, 1);

    public int[] Wholes(int field) => Numbers<int>(field);

    public long[] Longs(int field) => Numbers<long>(field);

    public float[] Floats(int field) => Numbers<float>(field);

    public FlatTable Table(int field, string name, params int[] known) => Has(field)
        ? new FlatTable(file, Target(place + Offset(field)), name, known)
        : throw new BrokenModelException($"{what} lacks {name}");

    public FlatTable[] Tables(int field, string name, params int[] known)
    {
        var places = Vector(field, sizeof(int));
        return [.. Enumerable.Range(0, places.Length / sizeof(int))
            .Select(i => new FlatTable(file, Target(Start(field) + (i * sizeof(int))), name, known))];
    }

    private T[] Numbers<T>(int field)
        where T : struct => MemoryMarshal.Cast<byte, T>(Vector(field, Marshal.SizeOf<T>()).Span).ToArray();

    /// <summary>Offset of a field from the table's start; 0 if the field is missing.</summary>
    private int Offset(int field) =>
        field < count ? BinaryPrimitives.ReadUInt16LittleEndian(Slice(fields + Head + (field * sizeof(ushort)), sizeof(ushort))) : 0;

    /// <summary>Offset of a vector's first element in the file.</summary>
    private long Start(int field) => Target(place + Offset(field)) + sizeof(int);

    private ReadOnlyMemory<byte> Vector(int field, int size)
    {
        if (!Has(field))
        {
            return default;
        }

        var start = Start(field);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(Slice(start - sizeof(int), sizeof(int))) * (long)size;
        _ = Slice(start, length);
        return file.Slice((int)start, (int)length);
    }

    private long Target(long at) => at + BinaryPrimitives.ReadUInt32LittleEndian(Slice(at, sizeof(uint)));

    private ReadOnlySpan<byte> Slice(long at, long length) => at >= 0 && at <= file.Length - length
        ? file.Span.Slice((int)at, (int)length)
        : throw new BrokenModelException($"{what} is cut short or damaged: it names the place {at} of {file.Length} bytes");
}
