using System.Collections.ObjectModel;
using System.Globalization;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Weights;

namespace Trainer.Core.Runs.Files;

/// <summary>The gate that a validation found, as a checkpoint holds it.</summary>
/// <param name="Epoch">The last finished epoch, 0-based.</param>
/// <param name="Step">Number of updates so far.</param>
/// <param name="OptionsJson">The run's options, as in options.json.</param>
public sealed record Checkpoint(int Epoch, int Step, Centroid Centroid, Threshold Threshold, string OptionsJson)
{
    /// <summary>Cosines of the subject's photos by content key, each from a head that was computed without the photo.</summary>
    public IReadOnlyDictionary<ulong, float> HeldOut { get; init; } = ReadOnlyDictionary<ulong, float>.Empty;

    /// <summary>Where cosines lie among those of the calibration photos; null where these are few, and of centroid gates from before it was
    /// kept.</summary>
    public Nearness? Nearness { get; init; }

    /// <summary>How a picture becomes the network's input.</summary>
    public Preprocessing Preprocessing { get; init; } = Preprocessing.Default;

    /// <summary>Writes everything that an evaluation, an export or a resume needs, atomically.</summary>
    /// <param name="trained">The tensors that training changes, under their names in the file.</param>
    /// <param name="state">The state of the run; null if the run won't be resumed from this file.</param>
    internal void Save(string path, IEnumerable<WeightTensor> trained, RunState? state = null) =>
        CheckpointFile.Write(path, trained, OptionsJson, state, this);

    /// <summary>The kind of features that a checkpoint's network uses, recognised by the size of its head.</summary>
    internal static FeatureKind FeaturesOf(WeightFile file) =>
        file.Tensors.TryGetValue($"{CheckpointFile.Network}fc.weight", out var head) && head.Shape is [_, var size]
            && size == Descriptor.Size ? FeatureKind.Depths : FeatureKind.Pooled;

    /// <summary>Reads a checkpoint and fills the network with its weights.</summary>
    /// <exception cref="TrainerException">The file is missing, damaged, no checkpoint, of another version, or holds no gate.</exception>
    internal static Checkpoint Load(string path, EmbeddingNetwork network) => Load(CheckpointFile.Read(path), network);

    /// <summary>Returns the gate of a checkpoint that was read, and fills the network with its weights.</summary>
    /// <exception cref="TrainerException">The checkpoint is damaged, or holds no gate.</exception>
    internal static Checkpoint Load(WeightFile file, EmbeddingNetwork network)
    {
        ArgumentNullException.ThrowIfNull(file);
        var path = file.FileName;
        if (!file.Tensors.TryGetValue(CheckpointFile.Centroid, out var centroid))
        {
            throw new TrainerException($"'{path}' holds no gate: it was saved between two validations, to go on from. Use best.ckpt.");
        }

        var report = StateDict.Load(network, NetworkOf(file));
        if (report.NotInFile.Count > 0)
        {
            throw new TrainerException($"'{path}' lacks {report.NotInFile.Count} of the network's tensors, {report.NotInFile[0]} first.");
        }

        if (centroid.Type != WeightType.Float32 || centroid.Count != EmbeddingNetwork.EmbeddingSize)
        {
            throw CheckpointFile.Damaged(
                path, $"its centroid is {centroid.Count} of {centroid.Type}, expected {EmbeddingNetwork.EmbeddingSize} of Float32");
        }

        IReadOnlyDictionary<ulong, float> heldOut =
            file.Metadata.ContainsKey("heldOut") ? CheckpointFile.Parse<Dictionary<ulong, float>>(file, "heldOut")
                : ReadOnlyDictionary<ulong, float>.Empty;
        var spread = CheckpointFile.Parse<CentroidInfo>(file, "centroid");
        return new Checkpoint(
            Number(file, "epoch"),
            Number(file, "step"),
            new Centroid(centroid.ToSingles(), spread.Count, spread.Concentration),
            CheckpointFile.Parse<Threshold>(file, "threshold"),
            file.Metadata.GetValueOrDefault("options") ?? throw CheckpointFile.Damaged(path, "it lacks its options"))
        {
            Preprocessing = Preprocessing.Of(file.Metadata.GetValueOrDefault(CheckpointFile.Size))
                ?? throw CheckpointFile.Damaged(
                    path, $"its size is {file.Metadata[CheckpointFile.Size]}, expected one of {string.Join(", ", Preprocessing.Edges)}"),
            HeldOut = heldOut,
            Nearness = file.Metadata.ContainsKey(CheckpointFile.Nearness)
                ? Nearness.OfTable(CheckpointFile.Parse<float[]>(file, CheckpointFile.Nearness))
                    ?? throw CheckpointFile.Damaged(path, $"its {CheckpointFile.Nearness} isn't {Nearness.TableSize} rising numbers")
                : Nearness.Among(heldOut.Values),
        };
    }

    /// <summary>Only the network's tensors of a checkpoint, under the network's own names. Any other file is returned unchanged.</summary>
    /// <exception cref="TrainerException">The checkpoint is damaged or of another version.</exception>
    internal static WeightFile NetworkOf(WeightFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return CheckpointFile.NetworkOf(file);
    }

    private static int Number(WeightFile file, string name) =>
        int.TryParse(file.Metadata.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw CheckpointFile.Damaged(file.FileName, $"its {name} is no number");

    private sealed record CentroidInfo(int Count, double Concentration);
}
