using Trainer.Core.Export.Proof.CoreMl;
using Trainer.Core.Networks;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using static TorchSharp.torch;

namespace Trainer.Core.Export.CoreMl;

/// <summary>Makes a Core ML candidate of the run's gate, to be proved and then written.</summary>
/// <remarks>The proof runs the file that will be written (<see cref="CoreMlGate"/>), but can't measure the speed of a phone.</remarks>
public static class CoreMlCandidate
{
    /// <summary>Makes an .mlpackage with an ML Program, for iOS 15 and later; in 8 bits for iOS 16 and later.</summary>
    /// <param name="path">Folder that it will be written to.</param>
    /// <param name="calibration">Some of the run's pictures, normalised, float32 [N, 3, E, E]; called only if weights are rounded.</param>
    public static ExportCandidate Package(TrainedGate gate, string path, Precision precision, Func<Tensor> calibration)
    {
        var package = MlProgramModel.Write(Source(gate, precision, calibration));
        return new ExportCandidate(
            Name("mlpackage", precision),
            path,
            package.Size,
            CoreMlGate.Load(package.Files, path),
            () => package.Write(path),
            IsTimed: false);
    }

    /// <summary>Makes an .mlmodel with a NeuralNetwork, for iOS 13 and later.</summary>
    /// <param name="path">File that it will be written to.</param>
    /// <inheritdoc cref="Package"/>
    public static ExportCandidate Legacy(TrainedGate gate, string path, Precision precision, Func<Tensor> calibration)
    {
        var model = NeuralNetworkModel.Write(Source(gate, precision, calibration));
        return new ExportCandidate(
            Name("mlmodel", precision),
            path,
            model.Length,
            CoreMlGate.Load(model, path),
            () => AtomicFile.Write(path, stream => stream.Write(model)),
            IsTimed: false);
    }

    private static string Name(string format, Precision precision) => $"{format} {precision.ToString().ToLowerInvariant()}";

    private static CoreMlSource Source(TrainedGate gate, Precision precision, Func<Tensor> calibration)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(calibration);
        return CoreMlSource.Of(
            FoldedNetwork.Of(gate.Network), gate.Checkpoint.Centroid, gate.Checkpoint.Threshold, precision, RunRecord.TrainerVersion,
            gate.Preprocessing, calibration);
    }
}
