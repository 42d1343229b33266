using Trainer.Core.Batching;
using Trainer.Core.Export.Onnx.Int8;
using Trainer.Core.Export.Rounding;
using Trainer.Core.Networks;
using Trainer.Core.Runs;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Onnx;

/// <summary>Makes the run's gate as ONNX, ready to be proved and written.</summary>
public static class OnnxCandidate
{
    /// <summary>What the proof asks: that one decision in a hundred differs at most, which only pictures at the very threshold do. In float32 only the order of the sums differs, and a pixel in 25,000 that rounds the other way, which moved a cosine by 1.4e-3 at most.</summary>
    private static ParityBound Bound(double worstDelta) => new(worstDelta, ChangedShare: 0.01, AurocLoss: 0.003);

    private static readonly Dictionary<Precision, ParityBound> Bounds = new()
    {
        [Precision.Fp32] = Bound(5e-3),
        [Precision.Fp16] = Bound(0.02),
        [Precision.Int8] = Bound(0.2),
    };

    /// <summary>Makes it.</summary>
    /// <param name="path">Where it will be written.</param>
    /// <param name="calibration">The run's calibration pictures in batches of few; only bytes need them.</param>
    public static ExportCandidate Make(TrainedGate gate, string path, GateInput input, Precision precision, IEnumerable<Batch> calibration)
    {
        ArgumentNullException.ThrowIfNull(gate);
        var folded = FoldedNetwork.Of(gate.Network);
        IOnnxNetwork network = precision == Precision.Int8 ? new Int8Network(folded, calibration) : new FloatNetwork(folded, precision);
        return Candidate(Written(gate, network, input), path, network.Precision, Bounds[precision]);
    }

    /// <summary>Makes it for a browser: with <see cref="EvidenceOutput"/>, and bytes only for the weights, since WebAssembly is no quicker with bytes.</summary>
    /// <param name="calibration">Normalised pixels to round to bytes by, float32 [N, 3, 128, 128]; asked for only then.</param>
    /// <inheritdoc cref="Make"/>
    public static ExportCandidate MakeForBrowser(TrainedGate gate, string path, Precision precision, Func<Tensor> calibration)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(calibration);
        var folded = FoldedNetwork.Of(gate.Network);
        var network = new FloatNetwork(folded, precision);
        if (precision == Precision.Int8)
        {
            using var pictures = calibration();
            (folded, var eightBit) = WeightRounding.ToBytes(folded, pictures);
            network = FloatNetwork.OfBytes(folded, eightBit);
        }

        var model = EvidenceOutput.AddTo(Written(gate, network, GateInput.Picture), folded, gate.Checkpoint.Centroid);
        return Candidate(model, path, precision, precision == Precision.Int8 ? Bounds[Precision.Fp16] : Bounds[precision]);
    }

    private static byte[] Written(TrainedGate gate, IOnnxNetwork network, GateInput input) =>
        OnnxGateModel.Write(network, gate.Checkpoint.Centroid, gate.Checkpoint.Threshold, RunRecord.TrainerVersion, input);

    private static ExportCandidate Candidate(byte[] model, string path, Precision precision, ParityBound bound) => new(
        $"onnx {precision.ToString().ToLowerInvariant()}",
        path,
        model.Length,
        bound,
        OnnxGate.Load(model, threads: 1, path),
        () => AtomicFile.Write(path, stream => stream.Write(model)));
}
