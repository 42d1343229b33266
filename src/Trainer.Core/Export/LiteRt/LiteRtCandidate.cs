using Trainer.Core.Export.Onnx.Int8;
using Trainer.Core.Export.Proof.LiteRt;
using Trainer.Core.Export.Rounding;
using Trainer.Core.Networks;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using static TorchSharp.torch;

namespace Trainer.Core.Export.LiteRt;

/// <summary>Makes the run's gate for LiteRT, ready to be proved and written.</summary>
/// <remarks>The proof computes the file that will be written (<see cref="LiteRtGate"/>); how fast a phone is can't be seen here.</remarks>
public static class LiteRtCandidate
{
    /// <summary>Makes it.</summary>
    /// <param name="path">Where it will be written.</param>
    /// <param name="calibration">Some of the run's pictures, normalised, float32 [N, 3, E, E]; asked for where weights are rounded to halves.</param>
    /// <param name="bytes">The gate's network in bytes, the same as in ONNX; asked for only in that precision.</param>
    public static ExportCandidate Make(TrainedGate gate, string path, Precision precision, Func<Tensor> calibration, Func<Int8Network> bytes)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(calibration);
        ArgumentNullException.ThrowIfNull(bytes);
        if (precision == Precision.Int8)
        {
            var rounded = bytes();
            return Candidate(gate, rounded.Exact, new ByteLayers(rounded), path) with { HasOwnHead = rounded.HasOwnHead };
        }

        var network = FoldedNetwork.Of(gate.Network);
        if (precision == Precision.Fp16)
        {
            using var pictures = calibration();
            network = WeightRounding.ToHalves(network, pictures);
        }

        return Candidate(gate, network, new FloatLayers(network, precision), path);
    }

    private static ExportCandidate Candidate(TrainedGate gate, FoldedNetwork network, ILayers layers, string path)
    {
        var model = LiteRtGateModel.Write(network, layers, gate.Checkpoint.Centroid, gate.Checkpoint.Threshold, RunRecord.TrainerVersion, gate.Preprocessing);
        return new ExportCandidate(
            $"tflite {layers.Precision.ToString().ToLowerInvariant()}", path, model.Length, LiteRtGate.Load(model, path), () => AtomicFile.Write(path, stream => stream.Write(model)), IsTimed: false);
    }
}
