using Trainer.Core.Networks;
using Trainer.Core.Training;

namespace Trainer.Core.Export.Onnx;

/// <summary>Makes the run's gate as ONNX, ready to be proved and written.</summary>
public static class OnnxCandidate
{
    /// <summary>Largest |Δ cosine| of float32; what remains is the order of the sums, and a pixel in 25,000 that rounds the other way.</summary>
    private static readonly ParityBound Float32Bound = new(WorstDelta: 1e-3, ChangedShare: 0, AurocLoss: 1e-4);

    /// <summary>Weights in float32.</summary>
    /// <param name="path">Where it will be written.</param>
    public static ExportCandidate Make(TrainedGate gate, string path, GateInput input)
    {
        ArgumentNullException.ThrowIfNull(gate);
        var model = OnnxGateModel.Write(FoldedNetwork.Of(gate.Network), gate.Checkpoint.Centroid, gate.Checkpoint.Threshold, RunRecord.TrainerVersion, input);
        return new ExportCandidate(
            "onnx fp32", path, model.Length, Float32Bound, OnnxGate.Load(model, threads: 1, path), () => AtomicFile.Write(path, stream => stream.Write(model)));
    }
}
