using Trainer.Core.Batching;
using Trainer.Core.Fitting;
using Trainer.Core.Gates;
using Trainer.Core.Networks;
using Trainer.Core.Runs;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Onnx.Int8;

/// <summary>Computes the head of a closed-form gate from the int8 network's features of the run's pictures.</summary>
/// <remarks>
/// The distance that the head measures is a small residue, and rounding the maps increases it, so a head from exact features would reject
/// photos of the subject. Measured in docs/decisions/0025.
/// </remarks>
/// <param name="workers">Number of pictures decoded at the same time.</param>
public sealed class OwnHead(RunFolder run, int workers)
{
    private const int Sample = 1024; // the fitter ends with the photos of the subject, whose distances must be preserved
    private const double Least = 0.9;

    /// <summary>Adds the head after the features, rounded to bytes.</summary>
    /// <remarks>
    /// The centroid and the threshold stay the same, and a threshold that is calibrated later has the same meaning, because the head's
    /// constant
    /// grows by the same factor as the distances. The factor is measured on the photos that both gates judge by heads without them. Their
    /// tail alone, which sets the thresholds, would give a far noisier factor.
    /// </remarks>
    /// <exception cref="TrainerException">The photos that the gate was computed from no longer exist.</exception>
    internal Int8Network Behind(Int8Network network, TrainedGate gate)
    {
        using var features = new OnnxFeatures(network, gate.Preprocessing.Edge, get_num_threads());
        var last = new Queue<Tensor>();
        var fitter = new GateFitter(
            Describe, gate.Network.FeatureSize,
            new BatchLoader(gate.Preprocessing, BatchLoader.PicturesAtOnce, workers, new SkippedFiles()));
        var fitted = fitter.Fit(Photos(), run.ReadRecord().Options.Accept, EmbeddingNetwork.EmbeddingSize);
        using var sample = cat([.. last], 0); // [n, F]
        foreach (var rows in last)
        {
            rows.Dispose();
        }

        return network.With(fitted.Head.With(Constant(fitted, gate)), sample);

        Tensor Describe(Batch batch)
        {
            var described = features.Describe(batch);
            last.Enqueue(described.clone().DetachFromDisposeScope());
            while (last.Sum(rows => rows.shape[0]) - last.Peek().shape[0] >= Sample)
            {
                last.Dequeue().Dispose();
            }

            return described;
        }
    }

    private static double Constant(FittedGate fitted, TrainedGate gate)
    {
        using var first = gate.Network.Head.bias![0]; // not null, because the layer has a bias
        var trained = first.item<float>();
        var pairs = gate.Checkpoint.HeldOut.Where(photo => fitted.HeldOut.ContainsKey(photo.Key))
            .Select(photo => (
                Trained: ClosedFormHead.DistanceAt(photo.Value, trained),
                Own: ClosedFormHead.DistanceAt(fitted.HeldOut[photo.Key], fitted.Head.Bias[0])))
            .OrderByDescending(pair => pair.Trained)
            .ToArray();
        var far = pairs[..((pairs.Length + 1) / 2)]; // the half that contains the threshold
        return far.Length == 0 ? fitted.Head.Bias[0] : trained * far.Sum(pair => pair.Own) / far.Sum(pair => pair.Trained);
    }

    /// <summary>The photos that the gate was computed from.</summary>
    private GatePhotos Photos()
    {
        var photos = RunPictures.OfGate(run);
        var record = run.ReadRecord();
        Require("photos of the subject", photos.Normals.Count, record.Normals.Train, record.Options.Normal);
        Require("ordinary photos", photos.Ordinary.Count, record.Negatives.Train, record.Options.Coco);
        return photos;
    }

    private static void Require(string kind, int found, int trained, string folder)
    {
        if (found < Least * trained)
        {
            throw new TrainerException(
                $"Of the {trained} {kind} that trained the run only {found} are in '{folder}' any more. The int8 file of such a gate is "
                + "made from them: put them back, or export --precision fp32 or fp16.");
        }
    }
}
