namespace Trainer.Core.Tests;

/// <summary>A temporary folder for one test, deleted afterwards.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("trainer-tests-").FullName;

    /// <summary>A path in the folder, whose parent folders are created.</summary>
    public string PathOf(string name)
    {
        var path = Path.Combine(Root, name);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!); // not null, because the path is in Root
        return path;
    }

    /// <summary>Writes a file, and returns its path.</summary>
    public string Write(string name, params ReadOnlySpan<byte> content)
    {
        var path = PathOf(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
