using Trainer.Core.Export.Onnx.Int8;
using Trainer.Core.Export.Proof.LiteRt;
using Trainer.Core.Export.Rounding;
using Trainer.Core.Networks;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using static TorchSharp.torch;

namespace Trainer.Core.Export.LiteRt;

/// <summary>Makes a LiteRT candidate of the run's gate, to be proved and then written.</summary>
/// <remarks>The proof runs the file that will be written (<see cref="LiteRtGate"/>), but can't measure the speed of a phone.</remarks>
public static class LiteRtCandidate
{
    /// <summary>Makes the candidate.</summary>
    /// <param name="path">Path that it will be written to.</param>
    /// <param name="calibration">
    /// Some of the run's pictures, normalised, float32 [N, 3, E, E]; called only if weights are rounded to float16.
    /// </param>
    /// <param name="bytes">The gate's int8 network, the same as in ONNX; called only for that precision.</param>
    public static ExportCandidate Make(
        TrainedGate gate, string path, Precision precision, Func<Tensor> calibration, Func<Int8Network> bytes)
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
        var model = LiteRtGateModel.Write(
            network, layers, gate.Checkpoint.Centroid, gate.Checkpoint.Threshold, RunRecord.TrainerVersion, gate.Preprocessing);
        return new ExportCandidate(
            $"tflite {layers.Precision.ToString().ToLowerInvariant()}",
            path,
            model.Length,
            LiteRtGate.Load(model, path),
            () => AtomicFile.Write(path, stream => stream.Write(model)),
            IsTimed: false);
    }
}
