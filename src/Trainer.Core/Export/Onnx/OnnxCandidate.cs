using Trainer.Core.Batching;
using Trainer.Core.Export.Onnx.Int8;
using Trainer.Core.Networks;
using Trainer.Core.Training;

namespace Trainer.Core.Export.Onnx;

/// <summary>Makes the run's gate as ONNX, ready to be proved and written.</summary>
public static class OnnxCandidate
{
    /// <summary>What the proof asks: that one decision in a hundred differs at most, which only pictures at the very threshold do. In float32 only the order of the sums differs, and a pixel in 25,000 that rounds the other way, which moved a cosine by 1.4e-3 at most.</summary>
    private static ParityBound BoundOf(Precision precision) => precision switch
    {
        Precision.Int8 => new(WorstDelta: 0.2, ChangedShare: 0.01, AurocLoss: 0.003),
        Precision.Fp16 => new(WorstDelta: 0.02, ChangedShare: 0.01, AurocLoss: 0.003),
        _ => new(WorstDelta: 5e-3, ChangedShare: 0.01, AurocLoss: 0.003),
    };

    /// <summary>Makes it.</summary>
    /// <param name="path">Where it will be written.</param>
    /// <param name="calibration">The run's calibration pictures in batches of few; only bytes need them.</param>
    /// <param name="withEvidence">Adds <see cref="EvidenceOutput"/>.</param>
    public static ExportCandidate Make(
        TrainedGate gate, string path, GateInput input, Precision precision, IEnumerable<Batch> calibration, bool withEvidence = false)
    {
        ArgumentNullException.ThrowIfNull(gate);
        var folded = FoldedNetwork.Of(gate.Network);
        IOnnxNetwork network = precision == Precision.Int8 ? new Int8Network(folded, calibration) : new FloatNetwork(folded, precision);
        var model = OnnxGateModel.Write(network, gate.Checkpoint.Centroid, gate.Checkpoint.Threshold, RunRecord.TrainerVersion, input);
        model = withEvidence ? EvidenceOutput.AddTo(model, folded, gate.Checkpoint.Centroid) : model;
        return new ExportCandidate(
            $"onnx {precision.ToString().ToLowerInvariant()}",
            path,
            model.Length,
            BoundOf(precision),
            OnnxGate.Load(model, threads: 1, path),
            () => AtomicFile.Write(path, stream => stream.Write(model)));
    }
}
