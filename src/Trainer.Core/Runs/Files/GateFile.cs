using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Trainer.Core.Evaluation;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Platform;

namespace Trainer.Core.Runs.Files;

/// <summary>gate.json: what an app needs in addition to the model, and what was measured of the gate.</summary>
public static class GateFile
{
    private const int Format = 1;

    /// <summary>Writes the gate that a validation found.</summary>
    /// <param name="startWeights">What training started from, as in options.json.</param>
    public static void Write(string path, Checkpoint checkpoint, ValidationLine validation, string startWeights)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(validation);
        var gate = new GateRecord(
            RunRecord.TrainerVersion,
            checkpoint.Threshold.Cosine,
            checkpoint.Threshold.PromisedAcceptRate,
            checkpoint.Threshold.CalibrationCount,
            checkpoint.Threshold.AcceptInterval,
            checkpoint.Threshold.Promise,
            startWeights,
            EmbeddingNetwork.EmbeddingSize,
            checkpoint.Centroid.Sha256,
            checkpoint.Centroid.Concentration,
            new GatePreprocessing(Preprocessing.Version, checkpoint.Preprocessing.Edge, checkpoint.Preprocessing.Description),
            validation,
            checkpoint.Nearness?.Table,
            Files: []);
        AtomicFile.WriteText(path, FileFormat.Stamp(gate, Format).ToJsonString(Json.Indented) + "\n");
    }

    /// <summary>Adds or replaces what is known about an exported file, and stores the file's hash.</summary>
    /// <param name="export">The file, or the folder of a package, whose files are all listed.</param>
    /// <param name="proof">What was measured of the exported file.</param>
    /// <exception cref="TrainerException">gate.json is missing, damaged, or of a newer format.</exception>
    public static void NoteExport(string path, string export, object proof) => Change(path, gate =>
    {
        var name = Path.GetFileName(export);
        Part(gate, "exports")[name] = JsonSerializer.SerializeToNode(proof, Json.Indented);
        var files = Part(gate, "files");
        foreach (var old in files.Select(file => file.Key)
            .Where(file => file == name || file.StartsWith($"{name}/", StringComparison.Ordinal)).ToArray())
        {
            files.Remove(old);
        }

        foreach (var file in Directory.Exists(export) ? Directory.GetFiles(export, "*", SearchOption.AllDirectories) : [export])
        {
            using var content = File.OpenRead(file);
            var below = Path.GetRelativePath(export, file).Replace(Path.DirectorySeparatorChar, '/');
            files[below == "." ? name : $"{name}/{below}"] = Convert.ToHexStringLower(SHA256.HashData(content));
        }
    });

    /// <summary>Stores what the exported files are for, and the gate's figures on the run's test part.</summary>
    /// <param name="subject">Name of the subject, for people.</param>
    /// <param name="test">The figures; empty if nothing was measured, and then the stored figures stay.</param>
    /// <exception cref="TrainerException">gate.json is missing, damaged, or of a newer format.</exception>
    public static void NoteTest(string path, string subject, IReadOnlyList<SetResult> test)
    {
        ArgumentNullException.ThrowIfNull(test);
        Change(path, gate =>
        {
            gate["subject"] = subject;
            if (test.Count > 0)
            {
                gate["test"] = JsonSerializer.SerializeToNode(test, Json.Indented);
            }
        });
    }

    /// <summary>What is stored about exported files, by file name. Entries of older versions in another form are left out.</summary>
    /// <typeparam name="TProof">The type that <see cref="NoteExport"/> was given.</typeparam>
    /// <exception cref="TrainerException">gate.json is missing, damaged, or of a newer format.</exception>
    public static IReadOnlyList<KeyValuePair<string, TProof>> Exports<TProof>(string path)
        where TProof : class
    {
        var exports = Guarded(path, () => Read(path)["exports"] as JsonObject ?? []);
        // No value is null after the filter.
        return [.. exports.Select(export => KeyValuePair.Create(export.Key, Proof(export.Value)))
            .Where(export => export.Value is not null)!];

        static TProof? Proof(JsonNode? noted)
        {
            try
            {
                return noted.Deserialize<TProof>(Json.Indented);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>True when gate.json lists exported files.</summary>
    /// <exception cref="TrainerException">A newer trainer wrote it.</exception>
    public static bool HasExports(string path)
    {
        try
        {
            return Read(path)["exports"] is JsonObject { Count: > 0 };
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or ArgumentException)
        {
            return false; // the file will be rewritten anyway
        }
    }

    private static void Change(string path, Action<JsonObject> change) => Guarded(path, () =>
    {
        var gate = Read(path);
        change(gate);
        AtomicFile.WriteText(path, gate.ToJsonString(Json.Indented) + "\n");
        return true;
    });

    private static T Guarded<T>(string path, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or ArgumentException)
        {
            throw new TrainerException($"Can't update '{path}': {e.Message}", e);
        }
    }

    private static JsonObject Read(string path) => FileFormat.Require(JsonNode.Parse(Json.ReadText(path)), path, Format);

    private static JsonObject Part(JsonObject gate, string name)
    {
        if (gate[name] is not JsonObject part)
        {
            gate[name] = part = [];
        }

        return part;
    }
}
