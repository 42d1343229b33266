using System.CommandLine;
using Trainer.Core;
using Trainer.Core.Batching;
using Trainer.Core.Export;
using Trainer.Core.Training;
using Trainer.Terminal;

namespace Trainer.Commands;

/// <summary>trainer export: a run's gate as a file for other runtimes.</summary>
internal static class ExportCommand
{
    private const int BatchSize = 32;

    public static Command Create()
    {
        var run = CommonOptions.Run();
        var onnx = new Option<bool>("--onnx") { Description = "Write ONNX: normalised pixels in, unit embedding and similarity out." };
        var output = new Option<string>("--output") { Description = "The file to write. Default: model.onnx in the run's folder.", HelpName = "FILE" };
        var threads = CommonOptions.Threads();
        var command = new Command("export", "Writes the gate for other runtimes, and proves on the run's own pictures that it decides the same.\n"
            + "Example: trainer export --run runs/rice --onnx")
        {
            run, onnx, output, threads,
        };
        command.SetAction(result =>
        {
            if (!result.GetValue(onnx))
            {
                throw new TrainerException("Say what to export: --onnx.");
            }

            Export(RunFolder.Open(result.GetValue(run)!), result.GetValue(output), CommonOptions.Resolve(result.GetValue(threads))); // required
        });
        return command;
    }

    /// <summary>Exports, checks, notes the file in gate.json, and says so.</summary>
    public static OnnxExportResult Export(RunFolder folder, string? output, int threads)
    {
        var pictures = RunPictures.HeldOut(folder, Screen.Note);
        var device = TorchRuntime.Prepare("cpu", threads);
        using var gate = TrainedGate.Load(folder.BestCheckpoint, device);
        var loader = new BatchLoader(BatchSize, threads, new SkippedFiles());
        var export = OnnxExport.Run(gate, output ?? folder.Onnx, pictures, loader, threads);
        GateFile.Update(folder.Gate, "onnx", new { export.Bytes, export.Parity }, export.File);
        Screen.Line($"[bold]{Screen.Escape(export.File)}[/]  {export.Bytes / 1e6:f1} MB, ONNX opset 13, any batch size");
        Screen.Line($"  checked in ONNX Runtime on {Counted.Of(export.Parity.Pictures, "picture")} of the run: worst |Δ cosine| {export.Parity.WorstDelta:e1} "
            + $"(bound {ParityCheck.Float32Bound:e0}), {Counted.Of(export.Parity.ChangedDecisions, "decision")} changed");
        return export;
    }
}
