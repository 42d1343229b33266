using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Trainer.Core.Platform;

namespace Trainer.Core.Export.Web;

/// <summary>The camera page built from web/: a folder of files that needs only a model.</summary>
public sealed class WebPage
{
    /// <summary>File name of the page's model.</summary>
    public const string Model = "gate.onnx";

    private const string Gate = "gate.json";
    private const string Manifest = "manifest.webmanifest";
    private const string Worker = "sw.js";

    private readonly string source;

    private WebPage(string source) => this.source = source;

    /// <summary>Finds the page next to the program.</summary>
    /// <exception cref="TrainerException">The page wasn't built.</exception>
    public static WebPage Find(string folder) => File.Exists(Path.Combine(folder, Worker))
        ? new WebPage(folder)
        : throw new TrainerException(
            $"The camera page isn't built: '{folder}' holds none. Run 'scripts/build-web' (it needs Node 20 or newer), then build trainer "
            + "again.");

    /// <summary>Checks that a page can be written to a folder, without changing anything.</summary>
    /// <exception cref="TrainerException">The folder holds something other than a page.</exception>
    public static void RequireFreeOrPage(string folder)
    {
        var holdsPage = File.Exists(Path.Combine(folder, Gate)) && File.Exists(Path.Combine(folder, Worker));
        if (File.Exists(folder) || (Directory.Exists(folder) && !holdsPage && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new TrainerException($"'{folder}' holds files other than a camera page, and trainer never overwrites files. Name another "
                + "folder, or empty this one.");
        }
    }

    /// <summary>Writes the page into the folder that already holds its model.</summary>
    /// <exception cref="TrainerException">A file can't be written.</exception>
    public void Write(string folder, WebGate gate)
    {
        ArgumentNullException.ThrowIfNull(gate);
        foreach (var file in Files(source).Where(file => file is not Worker))
        {
            Copy(file, folder);
        }

        AtomicFile.WriteText(Path.Combine(folder, Gate), JsonSerializer.Serialize(gate, Json.Indented) + "\n");
        var manifest = File.ReadAllText(Path.Combine(source, Manifest))
            .Replace("\"NAME\"", JsonSerializer.Serialize(gate.Name, Json.Line), StringComparison.Ordinal);
        AtomicFile.WriteText(Path.Combine(folder, Manifest), manifest);
        var kept = Files(source).Except([Worker]).Union([Model, Gate, Manifest]).Order(StringComparer.Ordinal).ToArray();
        AtomicFile.WriteText(Path.Combine(folder, Worker), File.ReadAllText(Path.Combine(source, Worker))
            .Replace("\"VERSION\"", $"\"{Fingerprint(folder, kept)}\"", StringComparison.Ordinal)
            .Replace("[\"FILES\"]", JsonSerializer.Serialize(kept, Json.Line), StringComparison.Ordinal));
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'));

    private void Copy(string file, string folder)
    {
        var target = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!); // not null, because the file is in a folder
        using var content = File.OpenRead(Path.Combine(source, file));
        AtomicFile.Write(target, content.CopyTo);
    }

    /// <summary>A fingerprint of all bytes of the page. Browsers load a new page when the worker's text has changed.</summary>
    private static string Fingerprint(string folder, IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            using var content = File.OpenRead(Path.Combine(folder, file));
            hash.AppendData(Encoding.UTF8.GetBytes(file));
            hash.AppendData(SHA256.HashData(content));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
