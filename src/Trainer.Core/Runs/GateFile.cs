using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;

namespace Trainer.Core.Runs;

/// <summary>gate.json: what an app needs beside the model, and what the gate was seen to do.</summary>
public static class GateFile
{
    /// <summary>Writes the gate that a validation found.</summary>
    /// <param name="startWeights">What training started from, as in options.json.</param>
    public static void Write(string path, Checkpoint checkpoint, ValidationLine validation, string startWeights)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(validation);
        var gate = new
        {
            Format = 1,
            Trainer = RunRecord.TrainerVersion,
            Threshold = checkpoint.Threshold.Cosine,
            checkpoint.Threshold.PromisedAcceptRate,
            checkpoint.Threshold.CalibrationCount,
            checkpoint.Threshold.AcceptInterval,
            checkpoint.Threshold.Promise,
            StartWeights = startWeights,
            EmbeddingNetwork.EmbeddingSize,
            CentroidSha256 = checkpoint.Centroid.Sha256,
            CentroidConcentration = checkpoint.Centroid.Concentration,
            Preprocessing = new { Preprocessing.Version, Preprocessing.ImageSize, Preprocessing.Description },
            Calibration = validation,
            Files = new Dictionary<string, string>(),
        };
        AtomicFile.WriteText(path, JsonSerializer.Serialize(gate, Json.Indented) + "\n");
    }

    /// <summary>Adds or replaces what is known of an exported file, and notes its hash beside those of the others.</summary>
    /// <param name="export">The file, or the folder of a package, each of whose files is noted.</param>
    /// <param name="proof">What the export was seen to do.</param>
    /// <exception cref="TrainerException">gate.json is missing or damaged.</exception>
    public static void NoteExport(string path, string export, object proof)
    {
        try
        {
            var gate = JsonNode.Parse(Json.ReadText(path)) as JsonObject ?? throw new JsonException("it is no object.");
            var name = Path.GetFileName(export);
            Part(gate, "exports")[name] = JsonSerializer.SerializeToNode(proof, Json.Indented);
            var files = Part(gate, "files");
            foreach (var old in files.Select(file => file.Key).Where(file => file == name || file.StartsWith($"{name}/", StringComparison.Ordinal)).ToArray())
            {
                files.Remove(old);
            }

            foreach (var file in Directory.Exists(export) ? Directory.GetFiles(export, "*", SearchOption.AllDirectories) : [export])
            {
                using var content = File.OpenRead(file);
                var below = Path.GetRelativePath(export, file).Replace(Path.DirectorySeparatorChar, '/');
                files[below == "." ? name : $"{name}/{below}"] = Convert.ToHexStringLower(SHA256.HashData(content));
            }

            AtomicFile.WriteText(path, gate.ToJsonString(Json.Indented) + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or ArgumentException)
        {
            throw new TrainerException($"Can't update '{path}': {e.Message}", e);
        }
    }

    /// <summary>True when gate.json knows of exported files.</summary>
    public static bool HasExports(string path)
    {
        try
        {
            return JsonNode.Parse(Json.ReadText(path))?["exports"] is JsonObject { Count: > 0 };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return false; // it is written anew in any case
        }
    }

    private static JsonObject Part(JsonObject gate, string name)
    {
        if (gate[name] is not JsonObject part)
        {
            gate[name] = part = [];
        }

        return part;
    }
}
