using Trainer.Core.Export.Onnx.Int8;
using Trainer.Core.Export.Rounding;
using Trainer.Core.Networks;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Onnx;

/// <summary>Makes an ONNX candidate of the run's gate, to be proved and then written.</summary>
public static class OnnxCandidate
{
    /// <summary>Makes the candidate.</summary>
    /// <param name="path">Path that it will be written to.</param>
    /// <param name="bytes">The gate's int8 network; called only for that precision.</param>
    public static ExportCandidate Make(TrainedGate gate, string path, GateInput input, Precision precision, Func<Int8Network>? bytes = null)
    {
        ArgumentNullException.ThrowIfNull(gate);
        if (precision != Precision.Int8)
        {
            return Candidate("onnx", Written(gate, new FloatNetwork(FoldedNetwork.Of(gate.Network), precision), input), path, precision);
        }

        ArgumentNullException.ThrowIfNull(bytes);
        var network = bytes();
        return Candidate("onnx", Written(gate, network, input), path, precision) with { HasOwnHead = network.HasOwnHead };
    }

    /// <summary>
    /// Makes a candidate for browsers, in which only the weights are bytes, because int8 arithmetic isn't faster in WebAssembly.
    /// </summary>
    /// <param name="calibration">Normalised pixels for rounding to bytes, float32 [N, 3, E, E]; called only in that case.</param>
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

        return Candidate("web", Written(gate, network, GateInput.Picture), path, precision);
    }

    private static byte[] Written(TrainedGate gate, IOnnxNetwork network, GateInput input) =>
        OnnxGateModel.Write(
            network, gate.Checkpoint.Centroid, gate.Checkpoint.Threshold, RunRecord.TrainerVersion, input, gate.Preprocessing,
            gate.Nearness);

    private static ExportCandidate Candidate(string format, byte[] model, string path, Precision precision) => new(
        $"{format} {precision.ToString().ToLowerInvariant()}",
        path,
        model.Length,
        OnnxGate.Load(model, threads: 1, path),
        () => AtomicFile.Write(path, stream => stream.Write(model)));
}
