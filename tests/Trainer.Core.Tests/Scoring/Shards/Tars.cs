using System.Diagnostics;
using System.Formats.Tar;

namespace Trainer.Core.Tests.Scoring.Shards;

/// <summary>Tars as .NET's library writes them, and ways to read them by ours.</summary>
internal static class Tars
{
    public static byte[] Of(params IEnumerable<(string Name, byte[] Content)> files) => Of(TarEntryFormat.Ustar, files);

    public static byte[] Of(TarEntryFormat format, params IEnumerable<(string Name, byte[] Content)> files)
    {
        var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, format, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, name),
                    TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
                    _ => new PaxTarEntry(TarEntryType.RegularFile, name, new Dictionary<string, string> { ["comment"] = "ä=b" }),
                };
                entry.DataStream = new MemoryStream(content);
                writer.WriteEntry(entry);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Packs a folder by the system's tar; null where it has none.</summary>
    public static byte[]? Packed(string folder, params string[] options)
    {
        try
        {
            using var tar = Process.Start(
                new ProcessStartInfo("tar", [.. options, "-cf", "-", "-C", folder, "."]) { RedirectStandardOutput = true })!;
            var bytes = new MemoryStream();
            tar.StandardOutput.BaseStream.CopyTo(bytes);
            tar.WaitForExit();
            return tar.ExitCode == 0 ? bytes.ToArray() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
