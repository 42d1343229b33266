using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Networks;
using Trainer.Core.Training;

namespace Trainer.Core.Export;

/// <summary>What an export left.</summary>
/// <param name="Bytes">Size of the file.</param>
public sealed record OnnxExportResult(string File, long Bytes, ParityResult Parity);

/// <summary>Exports a run's gate as ONNX, and proves it before the file exists.</summary>
public static class OnnxExport
{
    /// <summary>Writes the model, if it decides as the trained gate does on the given pictures.</summary>
    /// <param name="path">Where to; replaced atomically.</param>
    /// <exception cref="TrainerException">The exported model deviates, or can't be written; no file is left that wasn't there before.</exception>
    public static OnnxExportResult Run(
        TrainedGate gate, string path, IReadOnlyList<ImageEntry> images, BatchLoader loader, int threads, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(gate);
        var model = OnnxGateModel.Write(FoldedNetwork.Of(gate.Network), gate.Checkpoint.Centroid, gate.Checkpoint.Threshold, RunRecord.TrainerVersion);
        using var exported = OnnxGate.Load(model, threads, path);
        var parity = ParityCheck.Compare(gate, exported, images, loader, cancel);
        if (!parity.Holds(ParityCheck.Float32Bound))
        {
            throw new TrainerException(parity.Pictures == 0
                ? "None of the run's pictures can be read, so the exported model can't be checked. No file was written."
                : $"The exported model deviates: worst |Δ cosine| {parity.WorstDelta:g3} (bound {ParityCheck.Float32Bound:g3}), "
                    + $"{parity.ChangedDecisions} of {parity.Pictures} decisions changed. No file was written.");
        }

        AtomicFile.Write(path, stream => stream.Write(model));
        return new OnnxExportResult(path, model.Length, parity);
    }
}
