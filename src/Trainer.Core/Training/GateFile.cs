using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;

namespace Trainer.Core.Training;

/// <summary>gate.json: what an app needs beside the model, and what the gate was seen to do.</summary>
public static class GateFile
{
    /// <summary>Writes the gate that a validation found.</summary>
    /// <param name="startWeights">What training started from, as in options.json.</param>
    public static void Write(string path, Checkpoint checkpoint, Validated validation, string startWeights)
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

    /// <summary>Adds or replaces one part of the gate, and notes the file's hash beside those of the others.</summary>
    /// <param name="part">The property: "evaluation", "onnx".</param>
    /// <param name="file">A file of the run whose SHA-256 is noted; null for none.</param>
    /// <exception cref="TrainerException">gate.json is missing or damaged.</exception>
    public static void Update(string path, string part, object value, string? file = null)
    {
        try
        {
            var gate = JsonNode.Parse(Json.ReadText(path)) as JsonObject ?? throw new JsonException("it is no object.");
            gate[part] = JsonSerializer.SerializeToNode(value, Json.Indented);
            if (file is not null)
            {
                using var content = File.OpenRead(file);
                var files = gate["files"] as JsonObject ?? [];
                files[Path.GetFileName(file)] = Convert.ToHexStringLower(SHA256.HashData(content));
                gate["files"] = files.DeepClone();
            }

            AtomicFile.WriteText(path, gate.ToJsonString(Json.Indented) + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or ArgumentException)
        {
            throw new TrainerException($"Can't update '{path}': {e.Message}", e);
        }
    }
}
