using System.Buffers.Binary;
using Trainer.Core.Randomness;

namespace Trainer.Core.Tests.Hostile;

/// <summary>Breaks files at random as disks, networks and attackers do; the same for the same seed.</summary>
internal static class Mutation
{
    private static readonly long[] Extremes =
        [0, 1, -1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, int.MaxValue, uint.MaxValue, int.MinValue, long.MaxValue, long.MinValue, 100_000_001];

    /// <summary>Makes one to four changes.</summary>
    public static byte[] Of(byte[] original, CounterRandom random)
    {
        var bytes = original;
        for (var changes = 1 + random.Next(4); changes > 0; changes--)
        {
            bytes = Once(bytes, ref random);
        }

        return bytes;
    }

    private static byte[] Once(byte[] bytes, ref CounterRandom random)
    {
        if (bytes.Length < 2)
        {
            return [(byte)random.Next(256), .. bytes];
        }

        var at = random.Next(2) == 0 ? random.Next(bytes.Length) : random.Next(Math.Min(bytes.Length, 256)); // the beginning is read first
        var length = 1 + random.Next(Math.Min(bytes.Length - at, 64));
        switch (random.Next(8))
        {
            case 0:
                return bytes[..at]; // cut short
            case 1:
                return Changed(bytes, at, (byte)(bytes[at] ^ (1 << random.Next(8))));
            case 2:
                return Changed(bytes, at, (byte)random.Next(256));
            case 3:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 4:
                return [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]]; // twice
            case 5:
                return [.. bytes[..at], .. Enumerable.Repeat((byte)random.Next(256), length), .. bytes[at..]];
            case 6:
                return Number(bytes, at, Extremes[random.Next(Extremes.Length)], random.Next(2) == 0 ? 4 : 8);
            default:
                var from = random.Next(bytes.Length - length + 1); // one part over another
                var copy = bytes.ToArray();
                bytes.AsSpan(from, length).CopyTo(copy.AsSpan(at));
                return copy;
        }
    }

    private static byte[] Changed(byte[] bytes, int at, byte value)
    {
        var changed = bytes.ToArray();
        changed[at] = value;
        return changed;
    }

    private static byte[] Number(byte[] bytes, int at, long value, int size)
    {
        var changed = bytes.ToArray();
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, value);
        number[..Math.Min(size, bytes.Length - at)].CopyTo(changed.AsSpan(at));
        return changed;
    }
}
