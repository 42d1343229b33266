using System.Buffers.Binary;
using System.Text;

namespace Trainer.Core.Tests.Build;

/// <summary>Reads which symbol versions a 64-bit little-endian ELF library requires.</summary>
/// <remarks>Written independently of build/WeakenGlibcxx.cs, to check it.</remarks>
internal static class ElfVersionNeeds
{
    public const ushort Weak = 2; // VER_FLG_WEAK

    /// <summary>Every required version: its name, its flags, and the offset of the flags in the file.</summary>
    public static List<(string Name, ushort Flags, int FlagsOffset)> Read(ReadOnlySpan<byte> elf)
    {
        if (!elf.StartsWith("\x7F"u8) || !elf[1..].StartsWith("ELF\x02\x01"u8))
        {
            throw new InvalidDataException("No 64-bit little-endian ELF file.");
        }

        var needs = Section(elf, ".gnu.version_r");
        var strings = Section(elf, ".dynstr");
        var found = new List<(string, ushort, int)>();
        for (int need = needs.Offset, more = 1; more != 0;)
        {
            var aux = need + (int)Word(elf, need + 8);
            for (var left = Half(elf, need + 2); left > 0; left--)
            {
                found.Add((Text(elf, strings.Offset + (int)Word(elf, aux + 8)), Half(elf, aux + 4), aux + 4));
                aux += (int)Word(elf, aux + 12);
            }

            more = (int)Word(elf, need + 12);
            need += more;
        }

        return found;
    }

    private static (int Offset, int Size) Section(ReadOnlySpan<byte> elf, string name)
    {
        var (table, size, count) = ((int)Long(elf, 0x28), Half(elf, 0x3A), Half(elf, 0x3C));
        var names = (int)Long(elf, table + (Half(elf, 0x3E) * size) + 0x18);
        for (var i = 0; i < count; i++)
        {
            var header = table + (i * size);
            if (Text(elf, names + (int)Word(elf, header)) == name)
            {
                return ((int)Long(elf, header + 0x18), (int)Long(elf, header + 0x20));
            }
        }

        throw new InvalidDataException($"No section {name}.");
    }

    private static ushort Half(ReadOnlySpan<byte> elf, int at) => BinaryPrimitives.ReadUInt16LittleEndian(elf[at..]);

    private static uint Word(ReadOnlySpan<byte> elf, int at) => BinaryPrimitives.ReadUInt32LittleEndian(elf[at..]);

    private static ulong Long(ReadOnlySpan<byte> elf, int at) => BinaryPrimitives.ReadUInt64LittleEndian(elf[at..]);

    private static string Text(ReadOnlySpan<byte> elf, int at) => Encoding.ASCII.GetString(elf.Slice(at, elf[at..].IndexOf((byte)0)));
}
