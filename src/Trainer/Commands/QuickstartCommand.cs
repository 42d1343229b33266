using System.CommandLine;
using System.Diagnostics;
using Trainer.Commands.Options;
using Trainer.Commands.Steps;
using Trainer.Core;
using Trainer.Core.Batching;
using Trainer.Core.Evaluation;
using Trainer.Core.Export;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Options;
using Trainer.Core.Samples;
using Trainer.Core.Training;
using Trainer.Core.Training.Planning;
using Trainer.Terminal;
using Trainer.Terminal.Results;

namespace Trainer.Commands;

/// <summary>trainer quickstart: runs every step once, on pictures that it draws itself.</summary>
internal static class QuickstartCommand
{
    private const ulong PictureSeed = 1;
    private const int FewestPhotos = 40; // so that each part has some pictures of every kind

    public static Command Create()
    {
        var output = CommonOptions.Folder(
            "--out", "Folder for pictures and run. Default: the first free of runs/quickstart, runs/quickstart-2, …");
        var photos = new Option<int>(
            "--photos")
        {
            Description = "Pictures of the subject; the others are drawn in proportion. Fewer make the figures less certain.",
            HelpName = "N",
            DefaultValueFactory = _ => 400
        };
        var epochs = new Option<int>(
            "--epochs")
        { Description = "Fewer are faster and give a worse gate.", HelpName = "N", DefaultValueFactory = _ => 2 };
        var threads = CommonOptions.Threads();
        var command = new Command(
            "quickstart", "Draws a small set of pictures, then trains, evaluates and exports a gate on them: all of trainer in a minute.\n"
            + "Example: trainer quickstart --out first-steps")
        {
            output, photos, epochs, threads,
        };
        command.SetAction(result => Run(
            result.GetValue(output) ?? FirstFree(Path.Combine("runs", "quickstart")),
            result.GetValue(photos),
            result.GetValue(epochs),
            CommonOptions.Resolve(result.GetValue(threads))));
        return command;
    }

    private static void Run(string folder, int photos, int epochs, int threads)
    {
        if (photos < FewestPhotos)
        {
            throw new TrainerException($"--photos is {photos}; it must be at least {FewestPhotos}.");
        }

        var clock = Stopwatch.StartNew();
        var run = Path.Combine(folder, "run");
        var pictures = Path.Combine(folder, "pictures");
        var options = new TrainingOptions
        {
            Normal = Path.Combine(pictures, SamplePictures.FolderOf(SampleKind.Normal)),
            Coco = Path.Combine(pictures, SamplePictures.FolderOf(SampleKind.Negative)),
            Negative = new Dictionary<string, string>
            {
                ["broad leaves"] =
                Path.Combine(pictures, SamplePictures.FolderOf(SampleKind.Hard))
            },
            Out = run,
            Epochs = epochs,
            Weights = StartWeights.BuiltIn, // the same gate for everybody, with or without a network connection
            Device = "cpu",
            Threads = threads,
        }.Checked();
        RunFolder.RequireFree(folder);

        Screen.Line("[bold]1. Pictures[/]");
        Draw(pictures, photos);
        Screen.Line("\n[bold]2. Training[/]");
        using (var display = ITrainingDisplay.Choose(json: false))
        {
            var show = Interruption.Minding(display.Show);
            new TrainingLoop(TrainingPlan.Make(options, show, cancel: Interruption.Token), show).Run(Interruption.Token);
        }

        Screen.Line("\n[bold]3. Evaluation[/], on pictures that training never saw");
        Evaluate(RunFolder.Open(run), threads);
        Screen.Line("\n[bold]4. Export[/]");
        var trained = RunFolder.Open(run);
        ExportCommand.Export(
            trained,
            "grass-like leaves",
            (gate, _) => [OnnxCandidate.Make(gate, trained.Onnx, GateInput.Picture, Precision.Fp32)],
            allowedDrift: double.NaN,
            threads);
        Conclude(trained.Onnx, run, clock.Elapsed);
    }

    private static void Draw(string folder, int photos)
    {
        var counts = new SampleCounts { Normals = photos, Negatives = photos * 5 / 4, Hard = photos * 3 / 5 };
        Screen.Progress<object?>("drawing", counts.Total, silent: false, done =>
        {
            SamplePictures.Write(folder, counts, PictureSeed, new Immediate(done));
            return null;
        });
        Screen.Line(
            $"  {counts.Normals} of grass-like leaves (the subject), {counts.Negatives} of all kinds of things, {counts.Hard} of broad "
            + "leaves (look-alikes)");
        Screen.Line($"  in {Screen.Escape(folder)}");
    }

    private static void Evaluate(RunFolder run, int threads)
    {
        using var gate = TrainedGate.Load(run.BestCheckpoint, TorchRuntime.Prepare("cpu", threads, Screen.Note));
        var results = new Evaluator(gate, new BatchLoader(gate.Preprocessing, BatchLoader.PicturesAtOnce, threads, new SkippedFiles()))
            .Evaluate(RunPictures.TestSets(run, Screen.Note));
        EvaluationTable.Print(results, gate.Threshold, skipped: 0);
        Reports.Say(Reports.Write(run, gate, results, areOwn: false, run.Report, threads), quiet: false);
    }

    private static void Conclude(string model, string run, TimeSpan time)
    {
        Screen.Line($"\n[bold]What came out[/], after {time.Minutes} min {time.Seconds} s");
        Screen.Line($"  The model for the app: {Screen.Escape(model)}");
        Screen.Line($"  Its threshold and what it promises: {Screen.Escape(Path.Combine(run, "gate.json"))}");
        Screen.Line("\n[bold]With your own photos[/]");
        Screen.Line(
            "  trainer train --normal <folder of your subject> --coco <folder of ordinary photos> --negative <name>=<folder of "
            + "look-alikes>");
    }

    private static string FirstFree(string folder) => Enumerable.Range(1, int.MaxValue)
        .Select(i => i == 1 ? folder : $"{folder}-{i}")
        .First(candidate => !Directory.Exists(candidate));

    private sealed class Immediate(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
