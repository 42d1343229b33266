using Trainer.Core.Batching;
using Trainer.Core.Fitting;
using Trainer.Core.Gates;
using Trainer.Core.Networks;
using Trainer.Core.Runs;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Onnx.Int8;

/// <summary>The head of a closed-form gate, computed on what the network in bytes makes of the run's pictures.</summary>
/// <remarks>The distance that the head measures is a small residue, which the rounding of the maps lengthens: a head from exact features would reject photos of the subject. Measured in docs/decisions/0025.</remarks>
/// <param name="workers">Pictures decoded at once.</param>
public sealed class OwnHead(RunFolder run, int workers)
{
    private const int Sample = 1024; // the fitter ends with the photos of the subject, and it is their distances that must stay
    private const double Least = 0.9;

    /// <summary>Puts it behind the features, rounded to bytes.</summary>
    /// <remarks>
    /// Centroid and threshold stay, and a threshold that was calibrated later means the same: the head's constant grows as distances do, from the trained gate's
    /// to this one's. That is measured on the photos that both judge by heads without them; their tail alone, from which thresholds are, is far less steady.
    /// </remarks>
    /// <exception cref="TrainerException">The photos that the gate was computed from are gone.</exception>
    internal Int8Network Behind(Int8Network network, TrainedGate gate)
    {
        using var features = new OnnxFeatures(network, gate.Preprocessing.Edge, get_num_threads());
        var last = new Queue<Tensor>();
        var fitter = new GateFitter(Describe, gate.Network.FeatureSize, new BatchLoader(gate.Preprocessing, BatchLoader.PicturesAtOnce, workers, new SkippedFiles()));
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
        using var first = gate.Network.Head.bias![0]; // made with a bias
        var trained = first.item<float>();
        var pairs = gate.Checkpoint.HeldOut.Where(photo => fitted.HeldOut.ContainsKey(photo.Key))
            .Select(photo => (Trained: ClosedFormHead.DistanceAt(photo.Value, trained), Own: ClosedFormHead.DistanceAt(fitted.HeldOut[photo.Key], fitted.Head.Bias[0])))
            .OrderByDescending(pair => pair.Trained)
            .ToArray();
        var far = pairs[..((pairs.Length + 1) / 2)]; // the half that the threshold lies in
        return far.Length == 0 ? fitted.Head.Bias[0] : trained * far.Sum(pair => pair.Own) / far.Sum(pair => pair.Trained);
    }

    /// <summary>The photos of the gate; an error where too few of them are left for the same gate.</summary>
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
            throw new TrainerException($"Of the {trained} {kind} that trained the run only {found} are in '{folder}' any more. The int8 file of such a gate is made from them: put them back, or export --precision fp32 or fp16.");
        }
    }
}
