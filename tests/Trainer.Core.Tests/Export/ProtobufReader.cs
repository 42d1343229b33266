using System.Buffers.Binary;
using System.Text;

namespace Trainer.Core.Tests.Export;

/// <summary>
/// The fields of one protobuf message, read by the public wire format. The writer's classes would confirm their own errors.
/// </summary>
/// <remarks>
/// Wire types: varint (0), 64 bits (1), length and bytes (2), 32 bits (5); <see href="https://protobuf.dev/programming-guides/encoding/"/>.
/// </remarks>
internal sealed class ProtobufReader
{
    private readonly ILookup<int, ReadOnlyMemory<byte>> bytes;
    private readonly ILookup<int, ulong> numbers;

    public ProtobufReader(ReadOnlyMemory<byte> message)
    {
        var foundBytes = new List<(int Field, ReadOnlyMemory<byte> Value)>();
        var foundNumbers = new List<(int Field, ulong Value)>();
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message.Span, ref at);
            var field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    foundNumbers.Add((field, Varint(message.Span, ref at)));
                    break;
                case 1:
                    foundNumbers.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(message.Span[at..])));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message.Span, ref at);
                    foundBytes.Add((field, message.Slice(at, length)));
                    at += length;
                    break;
                case 5:
                    foundNumbers.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(message.Span[at..])));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Field {field} is of wire type {key & 7}.");
            }
        }

        bytes = foundBytes.ToLookup(f => f.Field, f => f.Value);
        numbers = foundNumbers.ToLookup(f => f.Field, f => f.Value);
    }

    /// <summary>A field's number; 0 if the field is missing, the format's default.</summary>
    public long Number(int field) => (long)numbers[field].LastOrDefault();

    public string Text(int field) => bytes[field].Select(b => Encoding.UTF8.GetString(b.Span)).LastOrDefault("");

    public string[] Texts(int field) => [.. bytes[field].Select(b => Encoding.UTF8.GetString(b.Span))];

    public ReadOnlyMemory<byte> Bytes(int field) => bytes[field].LastOrDefault();

    public ProtobufReader[] Messages(int field) => [.. bytes[field].Select(b => new ProtobufReader(b))];

    public ProtobufReader Message(int field) => Messages(field).Single();

    /// <summary>Numbers, packed or not.</summary>
    public long[] Numbers(int field)
    {
        var unpacked = numbers[field].Select(number => (long)number).ToList();
        foreach (var packed in bytes[field])
        {
            for (var at = 0; at < packed.Length;)
            {
                unpacked.Add((long)Varint(packed.Span, ref at));
            }
        }

        return [.. unpacked];
    }

    private static ulong Varint(ReadOnlySpan<byte> message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
