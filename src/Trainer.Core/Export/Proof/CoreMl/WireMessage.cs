using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Trainer.Core.Export.Proof.CoreMl;

/// <summary>
/// The fields of one protobuf message, read by the public wire format. The writer's classes aren't used, because they would confirm their
/// own errors.
/// </summary>
/// <remarks>
/// Wire types: varint (0), 64 bits (1), length and bytes (2), 32 bits (5); <see href="https://protobuf.dev/programming-guides/encoding/"/>.
/// </remarks>
internal sealed class WireMessage
{
    private readonly Dictionary<int, List<ReadOnlyMemory<byte>>> bytes = [];
    private readonly Dictionary<int, List<ulong>> numbers = [];
    private readonly string what;

    /// <param name="what">Name of the message in errors.</param>
    /// <param name="known">The known fields; any other field is refused.</param>
    /// <exception cref="BrokenModelException">The message is cut short, or has an unknown field.</exception>
    public WireMessage(ReadOnlyMemory<byte> message, string what, params int[] known)
    {
        this.what = what;
        for (var rest = message; !rest.IsEmpty;)
        {
            var key = Varint(ref rest);
            var field = (int)(key >> 3);
            if (!known.Contains(field))
            {
                throw new BrokenModelException($"{what} has a field {field}, which no gate has");
            }

            switch (key & 7)
            {
                case 0:
                    Add(numbers, field, Varint(ref rest));
                    break;
                case 2:
                    Add(bytes, field, Take(ref rest, Varint(ref rest)));
                    break;
                case 5:
                    Add(numbers, field, BinaryPrimitives.ReadUInt32LittleEndian(Take(ref rest, 4).Span));
                    break;
                default:
                    throw new BrokenModelException($"{what} is damaged at its field {field}");
            }
        }
    }

    public bool Has(int field) => bytes.ContainsKey(field) || numbers.ContainsKey(field);

    /// <summary>A field's number; 0 if the field is missing, the format's default.</summary>
    public long Number(int field) => (long)AtMostOne(numbers, field);

    public float Float(int field) => BitConverter.UInt32BitsToSingle((uint)AtMostOne(numbers, field));

    public string Text(int field) => Utf8(Bytes(field));

    public string[] Texts(int field) => [.. All(bytes, field).Select(Utf8)];

    public ReadOnlyMemory<byte> Bytes(int field) => AtMostOne(bytes, field);

    /// <summary>The single message of a field.</summary>
    public WireMessage Message(int field, string name, params int[] known) => All(bytes, field) is [var only]
        ? new WireMessage(only, name, known)
        : throw new BrokenModelException($"{what} has {All(bytes, field).Count} times {name}, expected once");

    /// <summary>The bytes of each of a field's messages.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> AllBytes(int field) => All(bytes, field);

    public IReadOnlyList<WireMessage> Messages(int field, string name, params int[] known) =>
        [.. All(bytes, field).Select(message => new WireMessage(message, name, known))];

    /// <summary>The entries of a map field.</summary>
    public IReadOnlyList<(string Key, ReadOnlyMemory<byte> Value)> Map(int field, string name) =>
        [.. Messages(field, name, 1, 2).Select(entry => (entry.Text(1), entry.Bytes(2)))];

    /// <summary>Integers, packed or not.</summary>
    public long[] Numbers(int field)
    {
        var found = All(numbers, field).Select(number => (long)number).ToList();
        foreach (var packed in All(bytes, field))
        {
            for (var rest = packed; !rest.IsEmpty;)
            {
                found.Add((long)Varint(ref rest));
            }
        }

        return [.. found];
    }

    /// <summary>float32 numbers, packed or not.</summary>
    public float[] Floats(int field) =>
    [
        .. All(numbers, field).Select(bits => BitConverter.UInt32BitsToSingle((uint)bits)),
        .. All(bytes, field).SelectMany(packed => packed.Length % sizeof(float) == 0
            ? MemoryMarshal.Cast<byte, float>(packed.Span).ToArray()
            : throw new BrokenModelException($"{what} is damaged: {packed.Length} bytes are no float32 numbers")),
    ];

    private static void Add<T>(Dictionary<int, List<T>> fields, int field, T value)
    {
        if (!fields.TryAdd(field, [value]))
        {
            fields[field].Add(value);
        }
    }

    private static List<T> All<T>(Dictionary<int, List<T>> fields, int field) => fields.GetValueOrDefault(field) ?? [];

    private T AtMostOne<T>(Dictionary<int, List<T>> fields, int field)
        where T : struct => All(fields, field) switch
        {
            [] => default,
            [var only] => only,
            var many => throw new BrokenModelException($"{what} has its field {field} {many.Count} times"),
        };

    private static string Utf8(ReadOnlyMemory<byte> text) => Encoding.UTF8.GetString(text.Span);

    private ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> rest, ulong length)
    {
        if (length > (ulong)rest.Length)
        {
            throw new BrokenModelException($"{what} is cut short");
        }

        var taken = rest[..(int)length];
        rest = rest[(int)length..];
        return taken;
    }

    private ulong Varint(ref ReadOnlyMemory<byte> rest)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(ref rest, 1).Span[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new BrokenModelException($"{what} is damaged: a number never ends");
    }
}
