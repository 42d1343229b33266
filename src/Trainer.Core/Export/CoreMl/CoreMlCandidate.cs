using Trainer.Core.Export.Proof.CoreMl;
using Trainer.Core.Networks;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using static TorchSharp.torch;

namespace Trainer.Core.Export.CoreMl;

/// <summary>Makes the run's gate for Core ML, ready to be proved and written.</summary>
/// <remarks>The proof computes the file that will be written (<see cref="CoreMlGate"/>); how fast a phone is can't be seen here.</remarks>
public static class CoreMlCandidate
{
    /// <summary>An .mlpackage: ML Program, from iOS 15 on; in 8 bits from iOS 16 on.</summary>
    /// <param name="path">Where it will be written, a folder.</param>
    /// <param name="calibration">Some of the run's pictures, normalised, float32 [N, 3, E, E]; asked for where weights are rounded.</param>
    public static ExportCandidate Package(TrainedGate gate, string path, Precision precision, Func<Tensor> calibration)
    {
        var package = MlProgramModel.Write(Source(gate, precision, calibration));
        return new ExportCandidate(
            Name("mlpackage", precision), path, package.Size, CoreMlGate.Load(package.Files, path), () => package.Write(path), IsTimed: false);
    }

    /// <summary>An .mlmodel: NeuralNetwork, from iOS 13 on.</summary>
    /// <param name="path">Where it will be written, a file.</param>
    /// <inheritdoc cref="Package"/>
    public static ExportCandidate Legacy(TrainedGate gate, string path, Precision precision, Func<Tensor> calibration)
    {
        var model = NeuralNetworkModel.Write(Source(gate, precision, calibration));
        return new ExportCandidate(
            Name("mlmodel", precision), path, model.Length, CoreMlGate.Load(model, path), () => AtomicFile.Write(path, stream => stream.Write(model)), IsTimed: false);
    }

    private static string Name(string format, Precision precision) => $"{format} {precision.ToString().ToLowerInvariant()}";

    private static CoreMlSource Source(TrainedGate gate, Precision precision, Func<Tensor> calibration)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(calibration);
        return CoreMlSource.Of(
            FoldedNetwork.Of(gate.Network), gate.Checkpoint.Centroid, gate.Checkpoint.Threshold, precision, RunRecord.TrainerVersion, gate.Preprocessing, calibration);
    }
}
