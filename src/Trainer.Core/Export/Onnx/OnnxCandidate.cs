using Trainer.Core.Export.Onnx.Int8;
using Trainer.Core.Export.Rounding;
using Trainer.Core.Networks;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using static TorchSharp.torch;

namespace Trainer.Core.Export.Onnx;

/// <summary>Makes the run's gate as ONNX, ready to be proved and written.</summary>
public static class OnnxCandidate
{
    /// <summary>Makes it.</summary>
    /// <param name="path">Where it will be written.</param>
    /// <param name="bytes">The gate's network in bytes; only that precision needs it.</param>
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

    /// <summary>Makes it for a browser: bytes only for the weights, since WebAssembly is no quicker with bytes.</summary>
    /// <param name="calibration">Normalised pixels to round to bytes by, float32 [N, 3, E, E]; asked for only then.</param>
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
        OnnxGateModel.Write(network, gate.Checkpoint.Centroid, gate.Checkpoint.Threshold, RunRecord.TrainerVersion, input, gate.Preprocessing, gate.Nearness);

    private static ExportCandidate Candidate(string format, byte[] model, string path, Precision precision) => new(
        $"{format} {precision.ToString().ToLowerInvariant()}",
        path,
        model.Length,
        OnnxGate.Load(model, threads: 1, path),
        () => AtomicFile.Write(path, stream => stream.Write(model)));
}
