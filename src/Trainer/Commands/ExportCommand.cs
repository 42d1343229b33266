using System.CommandLine;
using Trainer.Core;
using Trainer.Core.Export;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Training;
using Trainer.Terminal;

namespace Trainer.Commands;

/// <summary>trainer export: a run's gate as a file for other runtimes.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var run = CommonOptions.Run();
        var onnx = new Option<bool>("--onnx") { Description = "Write ONNX: a picture of any size in; embedding, similarity and decision out." };
        var input = CommonOptions.Choice(
            "--input", "What the ONNX graph takes: bytes of a picture, or normalised pixels (then crop, resize and normalisation are the app's).", GateInput.Picture);
        var output = new Option<string>("--output") { Description = "The file to write. Default: model.onnx in the run's folder.", HelpName = "FILE" };
        var drift = new Option<double?>("--allow-drift") { Description = "Write a model that fails its proof, as long as no cosine is off by more than this.", HelpName = "X" };
        var threads = CommonOptions.Threads();
        var command = new Command("export", "Writes the gate for other runtimes, and proves on the run's own pictures that it decides the same.\n"
            + "Example: trainer export --run runs/rice --onnx")
        {
            run, onnx, input, output, drift, threads,
        };
        command.SetAction(result =>
        {
            if (!result.GetValue(onnx))
            {
                throw new TrainerException("Say what to export: --onnx.");
            }

            var folder = RunFolder.Open(result.GetValue(run)!); // required
            var path = result.GetValue(output) ?? folder.Onnx;
            Export(folder, gate => [OnnxCandidate.Make(gate, path, result.GetValue(input))], result.GetValue(drift) ?? double.NaN, CommonOptions.Resolve(result.GetValue(threads)));
        });
        return command;
    }

    /// <summary>Exports, checks, notes the files in gate.json, and says so.</summary>
    /// <exception cref="TrainerException">A model failed its proof.</exception>
    public static void Export(RunFolder folder, Func<TrainedGate, IReadOnlyList<ExportCandidate>> make, double allowedDrift, int threads)
    {
        var pictures = RunPictures.HeldOut(folder, Screen.Note);
        using var gate = TrainedGate.Load(folder.BestCheckpoint, TorchRuntime.Prepare("cpu", threads));
        var candidates = make(gate);
        var results = Screen.Progress("Checking", pictures.Count, quiet: false, done => new ParityCheck(threads).Compare(gate, candidates, pictures, done));
        ParityTable.Print(results);
        var refused = CheckedExport.Write(folder, candidates, results, allowedDrift);
        foreach (var (candidate, result) in candidates.Zip(results).Where(pair => !refused.Contains(pair.Second)))
        {
            if (!result.Holds)
            {
                Screen.Note($"'{candidate.Path}' FAILED its proof and was written all the same, because --allow-drift says so.");
            }

            Screen.Line($"[bold]{Screen.Escape(candidate.Path)}[/]");
        }

        if (refused.Count > 0)
        {
            throw new TrainerException(string.Join(' ', refused.Select(Refusal)) + " No file was written for it.");
        }
    }

    private static string Refusal(ParityResult result) => FormattableString.Invariant(
        $"{result.Format} deviates: worst |Δ cosine| {result.WorstDelta:g3} (bound {result.Bound.WorstDelta:g3}), {result.ChangedDecisions} of {result.Pictures} decisions changed (bound {result.Bound.ChangedShare * result.Pictures:f0}), AUROC {result.AurocBefore:f4} -> {result.AurocAfter:f4} (bound -{result.Bound.AurocLoss:g3}).");
}
