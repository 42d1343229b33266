using System.Buffers.Binary;
using System.Text;

namespace Trainer.Core.Weights.Pickling;

/// <summary>Reads the bytes of a pickle in order, and never past their end.</summary>
/// <param name="start">Index of the first byte to read.</param>
internal sealed class PickleBytes(ReadOnlyMemory<byte> bytes, string fileName, int start)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Index of the next byte.</summary>
    public int Position { get; private set; } = start;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    /// <summary>Reads a big-endian number, as the opcode BINFLOAT stores it.</summary>
    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>The next bytes. A negative count, or one past the end, means that the file is damaged.</summary>
    public ReadOnlySpan<byte> Take(long count)
    {
        var left = bytes.Length - Position;
        if (count < 0 || count > left)
        {
            throw Damaged($"asks for {count} bytes where {left} are left");
        }

        var taken = bytes.Span.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    public string Text(long byteCount) => Decode(Take(byteCount));

    /// <summary>The text before the next line feed; the line feed is skipped.</summary>
    public string Line()
    {
        var length = bytes.Span[Position..].IndexOf((byte)'\n');
        var line = Decode(Take(length));
        Position++;
        return line;
    }

    /// <summary>An error that gives the position in the pickle.</summary>
    public TrainerException Damaged(string what) => new(
        $"The pickle in '{fileName}' is damaged: byte {Position} {what}. Get or save the file again.");

    private string Decode(ReadOnlySpan<byte> text)
    {
        try
        {
            return StrictUtf8.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw Damaged("isn't UTF-8");
        }
    }
}
