using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Trainer.Core.Imaging;
using Trainer.Core.Platform;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Safetensors;

namespace Trainer.Core.Runs.Files;

/// <summary>
/// The file format of a checkpoint: a safetensors file, which any reader of that format opens, with a checksum over its whole content.
/// </summary>
/// <remarks>The tensors are network.*, head.*, optimizer.* and gate.centroid; the rest is in the metadata.</remarks>
internal static class CheckpointFile
{
    public const string Centroid = "gate.centroid";
    private const string Format = "trainer-checkpoint";
    private const int Newest = 2;
    private const string WithoutChecksum = "1";
    private static readonly string NewestVersion = Newest.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// Name of the metadata entry for the edge of the network's input. Checkpoints from versions with a fixed edge lack it.
    /// </summary>
    public const string Size = "size";

    /// <summary>What the metadata call the table of the calibration photos' cosines; checkpoints from before it was kept lack it, and those
    /// of few photos.</summary>
    public const string Nearness = "nearness";

    /// <summary>How the names of the network's tensors begin.</summary>
    public const string Network = "network.";

    /// <summary>Writes a checkpoint atomically.</summary>
    /// <param name="trained">The tensors that training changes, under their names in the file.</param>
    /// <param name="state">The state of the run; null if the run won't be resumed from this file.</param>
    /// <param name="gate">The gate that a validation found; null between validations.</param>
    /// <param name="keepAs">New name for the file that was at this path before.</param>
    public static void Write(
        string path, IEnumerable<WeightTensor> trained, string optionsJson, RunState? state, Checkpoint? gate, string? keepAs = null)
    {
        List<WeightTensor> tensors = [.. trained];
        var metadata = new Dictionary<string, string>
        {
            ["format"] = Format,
            ["version"] = NewestVersion,
            ["preprocessing"] = Preprocessing.Version.ToString(CultureInfo.InvariantCulture),
            ["options"] = optionsJson,
        };
        if (state is not null)
        {
            metadata["state"] = JsonSerializer.Serialize(state, Json.Line);
        }

        if (gate is not null)
        {
            Add(gate, tensors, metadata);
        }

        metadata["checksum"] = Checksum(tensors, metadata);
        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, tensors, metadata), keepAs);
    }

    /// <summary>Replaces the gate in a checkpoint atomically and keeps everything else.</summary>
    /// <exception cref="TrainerException">The file is missing, damaged, no checkpoint, or can't be written.</exception>
    public static void ReplaceGate(string path, Checkpoint gate)
    {
        var file = Read(path);
        var tensors = file.Tensors.Values.Where(tensor => tensor.Name != Centroid).ToList();
        var metadata = new Dictionary<string, string>(file.Metadata) { ["version"] = NewestVersion };
        Add(gate, tensors, metadata);
        metadata["checksum"] = Checksum(tensors, metadata);
        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, tensors, metadata));
    }

    /// <summary>Reads a checkpoint and checks that it is complete and undamaged.</summary>
    /// <exception cref="TrainerException">It is missing, damaged, no checkpoint, or of another version.</exception>
    public static WeightFile Read(string path)
    {
        var file = SafetensorsFile.Read(path);
        if (!IsCheckpoint(file))
        {
            throw new TrainerException($"'{path}' is a safetensors file, but no checkpoint of a run.");
        }

        RequireWhole(file);
        return file;
    }

    /// <summary>The state of the run in a checkpoint.</summary>
    /// <param name="file">A checkpoint that <see cref="Read"/> returned.</param>
    /// <exception cref="TrainerException">The file has no state.</exception>
    public static RunState StateOf(WeightFile file)
    {
        var state = Parse<RunState>(file, "state");
        if (state is not { Epoch: >= 0, Step: >= 0, StepInEpoch: >= 0, Position: >= 0, MetricsLines: >= 0 })
        {
            throw Damaged(file.FileName, "its state has numbers below 0");
        }

        return state;
    }

    /// <summary>Only the network's tensors of a checkpoint, under the network's own names. Any other file is returned unchanged.</summary>
    /// <exception cref="TrainerException">The checkpoint is damaged or of another version.</exception>
    public static WeightFile NetworkOf(WeightFile file)
    {
        if (!IsCheckpoint(file))
        {
            return file;
        }

        RequireWhole(file);
        var own = file.Tensors.Values.Where(t => t.Name.StartsWith(Network, StringComparison.Ordinal));
        return new WeightFile(file.FileName, own.Select(t => t with { Name = t.Name[Network.Length..] }));
    }

    /// <summary>True for a file that this class wrote, even if it is damaged.</summary>
    public static bool IsCheckpoint(WeightFile file) => file.Metadata.GetValueOrDefault("format") == Format;

    /// <summary>Parses one entry of the metadata from JSON.</summary>
    /// <exception cref="TrainerException">The entry is missing or has other content.</exception>
    public static T Parse<T>(WeightFile file, string name)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(file.Metadata[name], Json.Line) ?? throw new JsonException($"{name} is null.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException)
        {
            throw Damaged(file.FileName, $"its metadata '{name}' can't be read: {e.Message.TrimEnd('.')}");
        }
    }

    /// <summary>The error for a damaged checkpoint.</summary>
    public static TrainerException Damaged(string path, string what) => new($"The checkpoint '{path}' is damaged: {what}.");

    private static void Add(Checkpoint gate, List<WeightTensor> tensors, Dictionary<string, string> metadata)
    {
        tensors.Add(new(Centroid, WeightType.Float32, [gate.Centroid.Values.Length],
            MemoryMarshal.AsBytes<float>(gate.Centroid.Values).ToArray()));
        metadata["epoch"] = gate.Epoch.ToString(CultureInfo.InvariantCulture);
        metadata["step"] = gate.Step.ToString(CultureInfo.InvariantCulture);
        metadata[Size] = gate.Preprocessing.Edge.ToString(CultureInfo.InvariantCulture);
        metadata["centroid"] = JsonSerializer.Serialize(new { gate.Centroid.Count, gate.Centroid.Concentration }, Json.Line);
        metadata["threshold"] = JsonSerializer.Serialize(gate.Threshold, Json.Line);
        metadata.Remove(Nearness); // an earlier gate's
        if (gate.Nearness is { } nearness)
        {
            metadata[Nearness] = JsonSerializer.Serialize(nearness.Table, Json.Line);
        }

        if (gate.HeldOut.Count > 0)
        {
            metadata["heldOut"] = JsonSerializer.Serialize(gate.HeldOut, Json.Line);
        }
    }

    private static void RequireWhole(WeightFile file)
    {
        var version = file.Metadata.GetValueOrDefault("version");
        if (int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            FileFormat.Require(file.FileName, number, Newest);
        }

        Require(file, "version", version == WithoutChecksum ? WithoutChecksum : NewestVersion);
        Require(file, "preprocessing", Preprocessing.Version.ToString(CultureInfo.InvariantCulture));
        var expected = file.Metadata.GetValueOrDefault("checksum");
        if (expected != Checksum(file.Tensors.Values, file.Metadata) && (expected is not null || version != WithoutChecksum))
        {
            throw Damaged(file.FileName, "its checksum doesn't fit its content, so something changed after it was written");
        }
    }

    private static void Require(WeightFile file, string name, string expected)
    {
        var found = file.Metadata.GetValueOrDefault(name);
        if (found != expected)
        {
            throw new TrainerException(
                $"'{file.FileName}' has {name} {found ?? "(none)"}; this trainer reads {expected}. Use the trainer that wrote it, or train "
                + "again.");
        }
    }

    /// <summary>
    /// A checksum of 32 hexadecimal digits over everything else: the metadata, and each tensor's name, type, shape and numbers.
    /// </summary>
    private static string Checksum(IEnumerable<WeightTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var hash = new XxHash128();
        foreach (var (key, value) in metadata.Where(pair => pair.Key != "checksum").OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            hash.Append(Encoding.UTF8.GetBytes($"{key}\0{value}\0"));
        }

        foreach (var tensor in tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            hash.Append(Encoding.UTF8.GetBytes($"{tensor.Name}\0{tensor.Type}\0{string.Join(',', tensor.Shape)}\0"));
            hash.Append(tensor.Data.Span);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
