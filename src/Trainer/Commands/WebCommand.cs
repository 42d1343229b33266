using System.CommandLine;
using Trainer.Commands.Steps;
using Trainer.Core;
using Trainer.Core.Export;
using Trainer.Core.Export.Cards;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Export.Proof;
using Trainer.Core.Export.Rounding;
using Trainer.Core.Export.Web;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using Trainer.Terminal;
using Trainer.Terminal.Results;

namespace Trainer.Commands;

/// <summary>Writes a run's gate with the camera page, for trainer export --web and trainer demo.</summary>
internal static class WebCommand
{
    /// <summary>The option for the subject's name on the page.</summary>
    public static Option<string> Name() => new("--name")
    {
        Description = "Name of the subject. Default: the run's name.",
        HelpName = "WORD"
    };

    /// <summary>The page built with the program.</summary>
    /// <exception cref="TrainerException">The page wasn't built.</exception>
    public static WebPage BuiltPage() => WebPage.Find(Path.Combine(AppContext.BaseDirectory, "web"));

    /// <summary>Writes a page for publication, after the gate is proved on the run's own pictures.</summary>
    /// <param name="precisions">The precisions to try; the first that passes is used.</param>
    /// <exception cref="TrainerException">No model passed its proof.</exception>
    public static void WriteProved(RunFolder run, string? name, string folder, Precision[] precisions, double allowedDrift, int threads)
    {
        var page = BuiltPage();
        WebPage.RequireFreeOrPage(folder);
        var pictures = RunPictures.HeldOut(run, Screen.Note);
        using var gate = TrainedGate.Load(run.BestCheckpoint, TorchRuntime.Prepare("cpu", threads, Screen.Note));
        var candidates = Array.ConvertAll(precisions, precision => Candidate(gate, pictures, folder, precision, threads));
        var proofs = Screen.Progress(
            "checking", pictures.All.Count, silent: false, done => new ParityCheck(threads).Compare(gate, candidates, pictures.All, done));
        ParityTable.Print(proofs);
        var (chosen, proof) = candidates.Zip(proofs).FirstOrDefault(pair => pair.Second.Holds || pair.Second.WorstDelta <= allowedDrift);
        if (chosen is null)
        {
            throw new TrainerException(proofs[^1].Objection + " No page was written.");
        }

        Directory.CreateDirectory(folder);
        Write(name ?? run.Name, page, gate, chosen, offline: true);
        Screen.Line($"[bold]{Screen.Escape(folder)}[/]: the page with {chosen.Name}, for any web host with HTTPS.");
        ModelCards.Say(CardFile.Write(
            folder, run, gate, name ?? run.Name, ModelCards.Measure(run, gate, threads), [KeyValuePair.Create(WebPage.Model, proof)]));
    }

    /// <summary>Writes a page for a quick look, without a proof, so that it also works if the run's pictures no longer exist.</summary>
    public static void WriteUnproved(RunFolder run, string? name, WebPage page, string folder)
    {
        using var gate = TrainedGate.Load(run.BestCheckpoint, TorchRuntime.Prepare("cpu", threads: 1, Screen.Note));
        Write(name ?? run.Name, page, gate, Candidate(gate, new HeldOutPictures([], []), folder, Precision.Fp32, threads: 1),
            offline: false);
    }

    private static ExportCandidate Candidate(TrainedGate gate, HeldOutPictures pictures, string folder, Precision precision, int threads) =>
        OnnxCandidate.MakeForBrowser(
            gate, Path.Combine(folder, WebPage.Model), precision, () =>
            CalibrationPixels.Load(pictures.Calibration, gate.Preprocessing, threads));

    private static void Write(string name, WebPage page, TrainedGate gate, ExportCandidate model, bool offline)
    {
        model.Write();
        page.Write(Path.GetDirectoryName(model.Path)!, new WebGate( // not null, because the model is in the folder
            name,
            WebPage.Model,
            gate.Preprocessing.Edge,
            gate.Threshold,
            gate.Checkpoint.Threshold.PromisedAcceptRate,
            model.Name.Split(' ')[^1],
            gate.Checkpoint.Centroid.Sha256,
            offline));
    }
}
