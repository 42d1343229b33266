using System.CommandLine;
using System.Diagnostics;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Export;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Imaging;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using Trainer.Core.Samples;
using Trainer.Core.Training;
using Trainer.Core.Validation;
using Trainer.Terminal;

namespace Trainer.Commands;

/// <summary>trainer quickstart: everything once, on pictures that it draws itself.</summary>
internal static class QuickstartCommand
{
    private const ulong PictureSeed = 1;
    private const int BatchSize = 32;

    public static Command Create()
    {
        var output = new Option<string>("--out") { Description = "Folder for pictures and run. Default: the first free of runs/quickstart, runs/quickstart-2, …", HelpName = "DIR" };
        var epochs = new Option<int>("--epochs") { Description = "Fewer are faster, and worse.", HelpName = "N", DefaultValueFactory = _ => 72 };
        var threads = CommonOptions.Threads();
        var command = new Command("quickstart", "Draws a small set of pictures, then trains, evaluates and exports a gate on them: all of trainer in three minutes.\n"
            + "Example: trainer quickstart --out first-steps")
        {
            output, epochs, threads,
        };
        command.SetAction(result => Run(
            result.GetValue(output) ?? FirstFree(Path.Combine("runs", "quickstart")),
            result.GetValue(epochs),
            CommonOptions.Resolve(result.GetValue(threads))));
        return command;
    }

    private static void Run(string folder, int epochs, int threads)
    {
        var clock = Stopwatch.StartNew();
        var run = Path.Combine(folder, "run");
        var pictures = Path.Combine(folder, "pictures");
        var options = new TrainingOptions
        {
            Normal = Path.Combine(pictures, SamplePictures.FolderOf(SampleKind.Normal)),
            Coco = Path.Combine(pictures, SamplePictures.FolderOf(SampleKind.Negative)),
            Out = run,
            Gate = GateKind.Centroid, // from random weights: see RandomStart
            Lr = 1e-3,
            Epochs = epochs,
            Batch = 16, // few pictures: smaller batches make more steps of them
            SaveInterval = Math.Max(epochs / 4, 1),
            SmallFirst = 0.75,
            LeastArea = 0.25,
            Augmentation = AugmentationMode.CropAndFlip,
            RecolourNegatives = 0, // a few hundred steps from random weights learn what is easy; colour is part of that
            RecolourNormals = 0,
            CutOuts = 0,
            Weights = StartWeights.None,
            Device = "cpu",
            Threads = threads,
        }.Checked();
        RunFolder.RequireFree(folder);

        Screen.Line("[bold]1. Pictures[/]");
        Draw(pictures);
        Screen.Line("\n[bold]2. Training[/]");
        using (var display = ITrainingDisplay.Choose(json: false))
        {
            var show = Interruption.Minding(display.Show);
            new TrainingLoop(TrainingPlan.Make(options, show, Interruption.Token), show).Run(Interruption.Token);
        }

        Screen.Line("\n[bold]3. Evaluation[/], on pictures that training never saw");
        var sets = Evaluate(RunFolder.Open(run), Path.Combine(pictures, SamplePictures.FolderOf(SampleKind.Hard)), threads);
        Screen.Line("\n[bold]4. Export[/]");
        var trained = RunFolder.Open(run);
        ExportCommand.Export(
            trained,
            "grass-like leaves",
            (gate, pictures) => [ExportCommand.Onnx(trained, gate, pictures, trained.Onnx, GateInput.Picture, Precision.Fp32)],
            allowedDrift: double.NaN,
            threads);
        Conclude(sets, trained.Onnx, run, clock.Elapsed);
    }

    private static void Draw(string folder)
    {
        var counts = new SampleCounts();
        Screen.Progress<object?>("drawing", counts.Total, silent: false, done =>
        {
            SamplePictures.Write(folder, counts, PictureSeed, new Immediate(done));
            return null;
        });
        Screen.Line($"  {counts.Normals} of grass-like leaves (the subject), {counts.Negatives} of all kinds of things, {counts.Hard} of broad leaves (the hard case)");
        Screen.Line($"  in {Screen.Escape(folder)}");
    }

    private static IReadOnlyList<SetResult> Evaluate(RunFolder run, string hard, int threads)
    {
        using var gate = TrainedGate.Load(run.BestCheckpoint, TorchRuntime.Prepare("cpu", threads, Screen.Note));
        IReadOnlyList<EvaluationSet> sets =
            [.. RunPictures.TestSets(run, Screen.Note), new EvaluationSet("broad leaves", SetRole.Negative, ImageFolder.Scan(hard).Images)];
        var results = new Evaluator(gate, new BatchLoader(gate.Preprocessing, BatchSize, threads, new SkippedFiles())).Evaluate(sets);
        EvaluationTable.Print(results, gate.Threshold, skipped: 0);
        Reports.Say(Reports.Write(run, gate, results, areOwn: false, run.Report, threads), quiet: false);
        return results;
    }

    private static void Conclude(IReadOnlyList<SetResult> sets, string model, string run, TimeSpan time)
    {
        static string Of100(SetResult set) => $"{100 * set.AcceptRate:f0} of 100";
        Screen.Line($"\n[bold]What came out[/], after {time.Minutes} min {time.Seconds} s");
        Screen.Line($"  The gate accepts {Of100(sets[0])} pictures of the subject that it has never seen, lets through {Of100(sets[1])}");
        Screen.Line($"  pictures of other things, and {Of100(sets[2])} of broad leaves, which it was never shown: its weak spot.");
        Screen.Line($"  The model for the app: {Screen.Escape(model)}");
        Screen.Line($"  Its threshold and what it promises: {Screen.Escape(Path.Combine(run, "gate.json"))}");
        Screen.Line("\n[bold]With your own photos[/]");
        Screen.Line("  trainer train --normal <folder of your subject> --coco <folder of ordinary photos>");
    }

    private static string FirstFree(string folder) => Enumerable.Range(1, int.MaxValue)
        .Select(i => i == 1 ? folder : $"{folder}-{i}")
        .First(candidate => !Directory.Exists(candidate));

    private sealed class Immediate(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
