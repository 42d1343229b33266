using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trainer.Core.Export.Proof.CoreMl;

/// <summary>The files of an .mlpackage, found through its manifest.</summary>
/// <param name="Model">The model's bytes.</param>
/// <param name="Weights">weight.bin.</param>
internal sealed record PackageFiles(byte[] Model, byte[] Weights)
{
    private const string Manifest = "Manifest.json";

    /// <param name="files">Path inside the package and content.</param>
    /// <exception cref="BrokenModelException">The manifest is damaged, or names a missing file.</exception>
    public static PackageFiles Find(IReadOnlyDictionary<string, byte[]> files)
    {
        try
        {
            var manifest = JsonNode.Parse(Required(files, Manifest)) as JsonObject ?? throw new JsonException("it is no object");
            var items = manifest["itemInfoEntries"]!.AsObject()
                .ToDictionary(item => item.Key, item => item.Value!["path"]!.GetValue<string>());
            if (manifest["fileFormatVersion"]!.GetValue<string>() != "1.0.0" || items.Count != 2)
            {
                throw new BrokenModelException(
                    $"its {Manifest} is of another version, or names {items.Count} items, expected model and weights");
            }

            var model = items[manifest["rootModelIdentifier"]!.GetValue<string>()];
            var weights = items.Values.Single(path => path != model);
            return new PackageFiles(Required(files, $"Data/{model}"), Required(files, $"Data/{weights}/weight.bin"));
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException or KeyNotFoundException)
        {
            throw new BrokenModelException($"its {Manifest} is damaged: {e.Message}");
        }
    }

    private static byte[] Required(IReadOnlyDictionary<string, byte[]> files, string path) =>
        files.TryGetValue(path, out var content) ? content : throw new BrokenModelException($"it lacks {path}");
}
