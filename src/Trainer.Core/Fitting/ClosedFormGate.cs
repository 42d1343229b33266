using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Gates;
using Trainer.Core.Networks;
using Trainer.Core.Ranks;
using static TorchSharp.torch;

namespace Trainer.Core.Fitting;

/// <summary>Computes the head for a network's current features, puts it into the network, and measures the gate.</summary>
/// <param name="network">The network, on <paramref name="device"/>; it is put into evaluation mode and stays in it.</param>
/// <param name="progress">Called with the number of pictures that are done and the total.</param>
/// <param name="portions">How the photos are divided among processes; null if this process reads all of them.</param>
internal sealed class ClosedFormGate(
    EmbeddingNetwork network, Device device, BatchLoader loader, Action<int, int>? progress = null, Portions? portions = null)
{
    /// <summary>Computes head and threshold from the photos of the subject, and measures the gate on the calibration sets.</summary>
    /// <param name="negatives">Ordinary photos that aren't used to compute the head.</param>
    /// <param name="acceptRate">The accept rate that the threshold promises, above 0, at most 1.</param>
    /// <exception cref="TrainerException">None of the calibration photos can be read.</exception>
    public ValidationResult Fit(
        GatePhotos photos, IReadOnlyList<ImageEntry> negatives, double acceptRate, CancellationToken cancel = default)
    {
        var fitted = new GateFitter(Describe, network.FeatureSize, loader, progress, portions)
            .Fit(photos, acceptRate, EmbeddingNetwork.EmbeddingSize, cancel);
        network.SetHead(fitted.Head.Weights, fitted.Head.Bias);
        var centroid = new Centroid(ClosedFormHead.Axis(EmbeddingNetwork.EmbeddingSize), fitted.NormalCount, fitted.Cosines.Average());
        var embedder = new Embedder(network, device);
        var shared = portions ?? Portions.Whole;
        var others = SharedLook.At(
            negatives, shared, portion => loader.Load(portion.Of(negatives), shared.Within(cancel)).Select(Cosines), cancel);
        return ValidationResult.Of(centroid, fitted.Threshold, fitted.Cosines, others.Values) with { HeldOut = fitted.HeldOut };

        PictureNumbers Cosines(Batch batch) =>
            new([.. batch.Images.Select(labelled => labelled.Image)], centroid.Cosines(embedder.Embed(batch)));
    }

    private Tensor Describe(Batch batch)
    {
        network.eval();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return network.Describe(batch.ImagesOn(device)).cpu().MoveToOuterDisposeScope();
    }
}
