namespace Trainer.Core.Tests;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("trainer-tests-").FullName;

    /// <summary>A path in the folder; the folders on the way to it are made.</summary>
    public string PathOf(string name)
    {
        var path = Path.Combine(Root, name);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!); // never null: the path is below Root
        return path;
    }

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string name, params ReadOnlySpan<byte> content)
    {
        var path = PathOf(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
