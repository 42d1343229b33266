using TorchSharp;
using Trainer.Core.Batching;
using Trainer.Core.Evaluation;
using Trainer.Core.Fitting;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Runs.Files;
using static TorchSharp.torch;

namespace Trainer.Core.Runs;

/// <summary>The gate of a checkpoint, run by TorchSharp.</summary>
public sealed class TrainedGate : IGate, IDisposable
{
    private TrainedGate(EmbeddingNetwork network, Checkpoint checkpoint, Device device)
    {
        Network = network;
        Checkpoint = checkpoint;
        Device = device;
        Embedder = new Embedder(network, device);
    }

    /// <summary>The network, in evaluation mode.</summary>
    internal EmbeddingNetwork Network { get; }

    /// <summary>The centroid, the threshold, and the epoch and step at which they were found.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>The device that the network is on.</summary>
    public Device Device { get; }

    /// <summary>Computes embeddings with the network.</summary>
    internal Embedder Embedder { get; }

    /// <inheritdoc/>
    public float Threshold => Checkpoint.Threshold.Cosine;

    /// <inheritdoc cref="IGate.Preprocessing"/>
    public Preprocessing Preprocessing => Checkpoint.Preprocessing;

    /// <summary>Where cosines lie among those of the calibration photos; null where that isn't known.</summary>
    public Nearness? Nearness => Checkpoint.Nearness;

    /// <summary>Loads a checkpoint; call <see cref="Platform.TorchRuntime.Prepare"/> first.</summary>
    /// <exception cref="TrainerException">The file is missing, damaged, or isn't a checkpoint.</exception>
    public static TrainedGate Load(string checkpointPath, Device device)
    {
        var file = CheckpointFile.Read(checkpointPath);
        var network = new EmbeddingNetwork(Checkpoint.FeaturesOf(file));
        try
        {
            var checkpoint = Checkpoint.Load(file, network);
            network.to(device);
            network.eval();
            return new TrainedGate(network, checkpoint, device);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A photo that the head was computed from gets its cosine from a head that was computed without it, as a new photo would.
    /// </remarks>
    public float[] Cosines(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var cosines = Checkpoint.Centroid.Cosines(Embedder.Embed(batch));
        return [.. batch.Images.Zip(
            cosines, (labelled, cosine) =>
            labelled.Image is { } image ? Checkpoint.HeldOut.GetValueOrDefault(image.ContentKey, cosine) : cosine)];
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}
