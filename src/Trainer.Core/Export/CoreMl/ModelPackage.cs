using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Trainer.Core.Platform;

namespace Trainer.Core.Export.CoreMl;

/// <summary>An .mlpackage: a folder with a manifest, the model, and its weights.</summary>
/// <param name="Model">Data/com.apple.CoreML/model.mlmodel.</param>
/// <param name="Weights">Data/com.apple.CoreML/weights/weight.bin.</param>
internal sealed record ModelPackage(byte[] Model, byte[] Weights)
{
    /// <summary>The model's reference to its file of weights.</summary>
    internal const string WeightsInModel = "@model_path/weights/weight.bin";

    private const string Author = "com.apple.CoreML";
    private const string ManifestVersion = "1.0.0";
    private const string ManifestFile = "Manifest.json";
    private const string ModelPath = $"{Author}/model.mlmodel";
    private const string WeightsPath = $"{Author}/weights";

    /// <summary>Total size in bytes.</summary>
    public long Size => Files.Sum(file => file.Content.LongLength);

    /// <summary>The package's files: path inside the package, and content.</summary>
    public IReadOnlyList<(string Path, byte[] Content)> Files =>
        [(ManifestFile, Manifest()), ($"Data/{ModelPath}", Model), ($"Data/{WeightsPath}/weight.bin", Weights)];

    /// <summary>Writes the folder.</summary>
    /// <param name="path">The folder; an existing package is replaced as a whole.</param>
    /// <exception cref="TrainerException">
    /// Something else exists there, or the package can't be written. What was there before stays unchanged.
    /// </exception>
    public void Write(string path)
    {
        if (File.Exists(path)
            || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()
            && !File.Exists(Path.Combine(path, ManifestFile))))
        {
            throw new TrainerException($"'{path}' already exists and isn't an .mlpackage, so it isn't replaced. Choose another place with "
                + "--output, or move it away.");
        }

        AtomicFolder.Write(path, folder =>
        {
            foreach (var (file, content) in Files)
            {
                var inside = Path.Combine(folder, file);
                Directory.CreateDirectory(Path.GetDirectoryName(inside)!); // a path inside the folder has a parent
                AtomicFile.Write(inside, stream => stream.Write(content)); // flushed to disk
            }
        });
    }

    /// <summary>
    /// The manifest. The items' keys are derived from their content, so that the same gate always gives the same package.
    /// </summary>
    private byte[] Manifest()
    {
        var (model, weights) = (Key(Model), Key(Weights));
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["fileFormatVersion"] = ManifestVersion,
            ["itemInfoEntries"] = new JsonObject
            {
                [model] = Item("CoreML Model Specification", ModelPath),
                [weights] = Item("CoreML Model Weights", WeightsPath),
            },
            ["rootModelIdentifier"] = model,
        }, Json.Indented);
    }

    private static string Key(byte[] content) => new Guid(SHA256.HashData(content).AsSpan(0, 16)).ToString().ToUpperInvariant();

    private static JsonObject Item(string description, string path) => new()
    {
        ["author"] = Author,
        ["description"] = description,
        ["name"] = Path.GetFileName(path),
        ["path"] = path,
    };
}
