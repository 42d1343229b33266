using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Losses;
using Trainer.Core.Networks;
using Trainer.Core.Weights;

namespace Trainer.Core.Training;

/// <summary>A run's state at a moment, and the gate that was found there.</summary>
/// <remarks>
/// A .ckpt is a safetensors file, so any of its readers opens it: network.*, head.*, optimizer.*, gate.centroid;
/// the rest stands in the metadata. There is no generator's state: random choices follow from (seed, epoch, position).
/// </remarks>
/// <param name="Epoch">0-based epoch that was finished last.</param>
/// <param name="Step">Updates so far.</param>
/// <param name="OptionsJson">The run's options, as in options.json.</param>
public sealed record Checkpoint(int Epoch, int Step, Centroid Centroid, Threshold Threshold, string OptionsJson)
{
    private const string Format = "trainer-checkpoint";
    private const string FormatVersion = "1";
    private const string NetworkPrefix = "network.";

    /// <summary>Writes everything that a resume, an evaluation or an export needs, atomically.</summary>
    public void Save(string path, EmbeddingNetwork network, IGateLoss loss, Updater updater)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(updater);
        IEnumerable<WeightTensor> tensors =
        [
            .. StateDict.Save(network).Select(t => t with { Name = NetworkPrefix + t.Name }),
            .. StateDict.Save(loss.Module).Select(t => t with { Name = "head." + t.Name }),
            new("gate.centroid", WeightType.Float32, [Centroid.Values.Length], MemoryMarshal.AsBytes<float>(Centroid.Values).ToArray()),
            .. updater.State.Select(s => StateDict.FromTensor($"optimizer.{s.Key}", s.Value)),
        ];
        var metadata = new Dictionary<string, string>
        {
            ["format"] = Format,
            ["version"] = FormatVersion,
            ["preprocessing"] = Preprocessing.Version.ToString(CultureInfo.InvariantCulture),
            ["epoch"] = Epoch.ToString(CultureInfo.InvariantCulture),
            ["step"] = Step.ToString(CultureInfo.InvariantCulture),
            ["centroid"] = JsonSerializer.Serialize(new { Centroid.Count, Centroid.Concentration }, Json.Line),
            ["threshold"] = JsonSerializer.Serialize(Threshold, Json.Line),
            ["options"] = OptionsJson,
        };
        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, tensors, metadata));
    }

    /// <summary>Reads a checkpoint and fills the network with its weights.</summary>
    /// <exception cref="TrainerException">The file is missing, damaged, no checkpoint, or of another version.</exception>
    public static Checkpoint Load(string path, EmbeddingNetwork network)
    {
        var file = SafetensorsFile.Read(path);
        if (file.Metadata.GetValueOrDefault("format") != Format || !file.Tensors.TryGetValue("gate.centroid", out var centroid))
        {
            throw new TrainerException($"'{path}' is a safetensors file, but no checkpoint of a run.");
        }

        var report = StateDict.Load(network, NetworkOf(file));
        if (report.NotInFile.Count > 0)
        {
            throw new TrainerException($"'{path}' lacks {report.NotInFile.Count} of the network's tensors, {report.NotInFile[0]} first.");
        }

        if (centroid.Type != WeightType.Float32 || centroid.Count != EmbeddingNetwork.EmbeddingSize)
        {
            throw new TrainerException($"'{path}' is damaged: its centroid is {centroid.Count} of {centroid.Type}, expected {EmbeddingNetwork.EmbeddingSize} of Float32.");
        }

        try
        {
            var spread = Parse<CentroidInfo>(file, "centroid");
            return new Checkpoint(
                int.Parse(file.Metadata["epoch"], CultureInfo.InvariantCulture),
                int.Parse(file.Metadata["step"], CultureInfo.InvariantCulture),
                new Centroid(centroid.ToSingles(), spread.Count, spread.Concentration),
                Parse<Threshold>(file, "threshold"),
                file.Metadata["options"]);
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException or KeyNotFoundException)
        {
            throw new TrainerException($"The checkpoint '{path}' is damaged: {e.Message}", e);
        }
    }

    /// <summary>A checkpoint's network under its own names, without what else a checkpoint holds; any other file as it is.</summary>
    /// <exception cref="TrainerException">The checkpoint is of another version.</exception>
    public static WeightFile NetworkOf(WeightFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Metadata.GetValueOrDefault("format") != Format)
        {
            return file;
        }

        RequireVersion(file, "version", FormatVersion);
        RequireVersion(file, "preprocessing", Preprocessing.Version.ToString(CultureInfo.InvariantCulture));
        var own = file.Tensors.Values.Where(t => t.Name.StartsWith(NetworkPrefix, StringComparison.Ordinal));
        return new WeightFile(file.FileName, own.Select(t => t with { Name = t.Name[NetworkPrefix.Length..] }));
    }

    private static T Parse<T>(WeightFile file, string name) =>
        JsonSerializer.Deserialize<T>(file.Metadata[name], Json.Line) ?? throw new JsonException($"{name} is null.");

    private static void RequireVersion(WeightFile file, string name, string expected)
    {
        var found = file.Metadata.GetValueOrDefault(name);
        if (found != expected)
        {
            throw new TrainerException($"'{file.FileName}' has {name} {found ?? "(none)"}; this trainer reads {expected}. Use the trainer that wrote it, or train again.");
        }
    }

    private sealed record CentroidInfo(int Count, double Concentration);
}
