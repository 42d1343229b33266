using System.Buffers.Binary;
using System.Text;

namespace Trainer.Core.Scoring.Shards;

/// <summary>A member of a tar as its header has it: ustar of POSIX, GNU's variant, or the older one without a signature.</summary>
/// <param name="Name">The path, with '/'.</param>
/// <param name="Kind">The type flag: '0' for files.</param>
/// <param name="Size">Of the content that follows, in bytes.</param>
/// <remarks>pax(1) of POSIX.1-2017, "ustar Interchange Format"; GNU tar's manual, "Basic Tar Format".</remarks>
internal sealed record TarHeader(string Name, char Kind, long Size)
{
    /// <summary>Everything in a tar comes in blocks of this size, in bytes.</summary>
    public const int BlockSize = 512;

    /// <summary>Larger members are taken for damage.</summary>
    public const long MostBytes = 1L << 50;

    private static readonly (int At, int Length) NameField = (0, 100), SizeField = (124, 12), SumField = (148, 8), PrefixField = (345, 155);

    /// <summary>A regular file.</summary>
    public bool IsFile => Kind is '0' or '\0' or '7' && !Name.EndsWith('/'); // before POSIX, the slash alone told folders

    /// <summary>Reads a block; null when it is no header or a damaged one.</summary>
    public static TarHeader? Of(ReadOnlySpan<byte> block)
    {
        if (Octal(Part(block, SumField)) != SumOf(block) || Number(Part(block, SizeField)) is not { } size)
        {
            return null;
        }

        var kind = (char)block[156];
        var name = Text(Part(block, NameField));
        var prefix = block[257..].StartsWith("ustar\0"u8) ? Text(Part(block, PrefixField)) : ""; // GNU keeps other things there
        // links and devices have no content, whatever their size says
        return new TarHeader(prefix.Length > 0 ? $"{prefix}/{name}" : name, kind, kind is >= '1' and <= '6' ? 0 : size);
    }

    /// <summary>Text up to the first zero byte.</summary>
    public static string Text(ReadOnlySpan<byte> bytes) =>
        Encoding.UTF8.GetString(bytes.IndexOf((byte)0) is >= 0 and var end ? bytes[..end] : bytes);

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> block, (int At, int Length) field) => block.Slice(field.At, field.Length);

    /// <summary>The sum of all bytes, with spaces in place of the sum itself.</summary>
    private static long SumOf(ReadOnlySpan<byte> block)
    {
        var sum = (long)SumField.Length * ' ';
        for (var i = 0; i < BlockSize; i++)
        {
            sum += i >= SumField.At && i < SumField.At + SumField.Length ? 0 : block[i];
        }

        return sum;
    }

    /// <summary>Octal digits, or, as GNU writes sizes from 8 GiB on, a binary number with its highest bit set.</summary>
    private static long? Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) == 0)
        {
            return Octal(field);
        }

        var number = BinaryPrimitives.ReadInt64BigEndian(field[^8..]);
        return field[0] == 0x80 && field[1..^8].IndexOfAnyExcept((byte)0) < 0 && number is >= 0 and <= MostBytes ? number : null;
    }

    private static long? Octal(ReadOnlySpan<byte> field)
    {
        var digits = field.Trim(" \0"u8);
        long number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return null;
            }

            number = (8 * number) + digit - '0';
        }

        return number;
    }
}
