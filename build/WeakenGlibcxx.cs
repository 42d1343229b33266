using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Lets TorchSharp's shim load on systems with gcc 12 or older (Debian 12, Ubuntu 22.04). It asks for symbol
/// version GLIBCXX_3.4.32, to which only the marker std::ios_base_library_init is bound, and nothing calls that.
/// Marking the one requirement as weak (VER_FLG_WEAK) makes the loader accept its absence.
/// </summary>
/// <remarks>
/// Works on a copy that then takes the file's place, so that a hard link into the package cache is never written
/// through; keeps the time stamp, so that the next build sees nothing to copy. Running it again changes nothing.
/// Format: Linux Standard Base, "Symbol Versioning", sections SHT_GNU_verneed, Verneed and Vernaux.
/// </remarks>
public sealed class WeakenGlibcxx : Task
{
    private const string Version = "GLIBCXX_3.4.32";
    private const ushort Weak = 2;

    [Required]
    public string File { get; set; }

    public override bool Execute()
    {
        var bytes = System.IO.File.ReadAllBytes(File);
        var flags = FlagsOffset(bytes);
        if (flags < 0 || (BitConverter.ToUInt16(bytes, flags) & Weak) != 0)
        {
            return true;
        }

        bytes[flags] |= (byte)Weak;
        var time = System.IO.File.GetLastWriteTimeUtc(File);
        var copy = File + "." + Guid.NewGuid().ToString("N");
        System.IO.File.WriteAllBytes(copy, bytes);
        System.IO.File.SetLastWriteTimeUtc(copy, time);
        System.IO.File.Delete(File);
        System.IO.File.Move(copy, File);
        Log.LogMessage(MessageImportance.Normal, "{0}: {1} marked as weak", File, Version);
        return true;
    }

    /// <summary>Where the flags of the requirement stand in the file; -1 when there is no such requirement.</summary>
    private static int FlagsOffset(byte[] elf)
    {
        const uint VersionNeeds = 0x6ffffffe;
        var is64BitLittleEndian = elf.Length > 64 && elf[0] == 0x7f && elf[1] == 'E' && elf[4] == 2 && elf[5] == 1;
        if (!is64BitLittleEndian)
        {
            return -1;
        }

        var headers = (int)BitConverter.ToUInt64(elf, 0x28);
        int headerSize = BitConverter.ToUInt16(elf, 0x3a), count = BitConverter.ToUInt16(elf, 0x3c);
        for (var i = 0; i < count; i++)
        {
            var header = headers + (i * headerSize);
            if (BitConverter.ToUInt32(elf, header + 4) == VersionNeeds)
            {
                var strings = headers + ((int)BitConverter.ToUInt32(elf, header + 40) * headerSize);
                return FlagsOffset(elf, (int)BitConverter.ToUInt64(elf, header + 24), (int)BitConverter.ToUInt64(elf, strings + 24));
            }
        }

        return -1;
    }

    private static int FlagsOffset(byte[] elf, int need, int names)
    {
        while (true)
        {
            var aux = need + (int)BitConverter.ToUInt32(elf, need + 8);
            for (int left = BitConverter.ToUInt16(elf, need + 2); left > 0; left--)
            {
                var name = names + (int)BitConverter.ToUInt32(elf, aux + 8);
                if (Encoding.ASCII.GetString(elf, name, Version.Length + 1) == Version + "\0")
                {
                    return aux + 4;
                }

                aux += (int)BitConverter.ToUInt32(elf, aux + 12);
            }

            var next = (int)BitConverter.ToUInt32(elf, need + 12);
            if (next == 0)
            {
                return -1;
            }

            need += next;
        }
    }
}
