using System.CommandLine;
using Trainer.Commands.Options;
using Trainer.Commands.Steps;
using Trainer.Core;
using Trainer.Core.Catalog;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Platform;
using Trainer.Core.Runs;
using Trainer.Core.Scoring;
using Trainer.Terminal;

namespace Trainer.Commands;

/// <summary>trainer predict: applies a gate to pictures.</summary>
internal static class PredictCommand
{
    /// <summary>Exit code if the gate didn't accept every picture.</summary>
    private const int SomeNotAccepted = 3;

    public static Command Create()
    {
        var pictures = new Argument<string[]>(
            "PICTURES")
        { Description = "Pictures, and folders of them (with all their subfolders).", Arity = ArgumentArity.ZeroOrMore };
        var run = CommonOptions.Folder("--run", "Folder of a run, whose checkpoint decides.");
        var model = new Option<string>(
            "--model")
        { Description = "Or an exported ONNX file, which starts much faster.", HelpName = "FILE" };
        var json = CommonOptions.Json("a JSON object a line");
        var csv = new Option<bool>("--csv") { Description = "Print comma-separated values." };
        var accepted = CommonOptions.Folder("--copy-accepted", "Copy accepted pictures into this folder.");
        var rejected = CommonOptions.Folder("--copy-rejected", "Copy rejected pictures into this folder.");
        var threads = CommonOptions.Threads();
        var shards = new ShardOptionSet();
        var command = new Command("predict", "Shows what a gate makes of pictures. Exit code 0 when it accepts all of them, 3 when not.\n"
            + "Example: trainer predict --model runs/rice/model.onnx photos")
        {
            pictures, run, model, json, csv, accepted, rejected, threads,
        };
        foreach (var option in shards.All)
        {
            command.Add(option);
        }

        command.SetAction(result =>
        {
            if (shards.AreGiven(result))
            {
                Option[] others = [run, json, csv, accepted, rejected];
                return others.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } other
                    ? throw new TrainerException($"--shards and {other.Name} exclude one another.")
                    : result.GetValue(pictures) is [var stray, ..]
                        ? throw new TrainerException(
                        $"--shards takes the place of PICTURES, but '{stray}' is given too. If that is one of the shards, put the pattern "
                        + "in quotes.")
                    : shards.Run(result, result.GetValue(model), CommonOptions.Resolve(result.GetValue(threads)));
            }

            if (result.GetValue(pictures) is null or [])
            {
                throw new TrainerException(
                    "Name pictures, or folders of them: 'trainer predict --model FILE photos'. For tar files there is --shards.");
            }

            if (result.GetValue(run) is null == result.GetValue(model) is null)
            {
                throw new TrainerException("Name the gate: --run DIR or --model FILE, one of the two.");
            }

            if (result.GetValue(json) && result.GetValue(csv))
            {
                throw new TrainerException("--json and --csv exclude one another.");
            }

            var copies = new SortedCopies(result.GetValue(accepted), result.GetValue(rejected));
            copies.RequireOutside(result.GetValue(pictures)!); // at least one
            var files = result.GetValue(pictures)!.SelectMany(Files).ToArray();
            var used = CommonOptions.Resolve(result.GetValue(threads));
            // one of the two
            using IScorer gate = result.GetValue(model) is { } file ? OpenModel(file, used) : OpenRun(result.GetValue(run)!, used);
            var lines = result.GetValue(json) ? PredictionLines.Json() : result.GetValue(csv) ? PredictionLines.Csv()
                : PredictionLines.Table(gate.Threshold);
            return Predict(gate, files, lines, copies) ? 0 : SomeNotAccepted;
        });
        return command;
    }

    /// <returns>True if all pictures were accepted.</returns>
    private static bool Predict(IScorer gate, PictureFile[] files, PredictionLines lines, SortedCopies copies)
    {
        var allAccepted = true;
        foreach (var (file, scored) in files.Zip(gate.Score(files.Select(file => new PictureSource(file.Path)))))
        {
            allAccepted &= scored.Judgement is { Accepted: true };
            lines.Add(file.Path, scored);
            if (scored.Judgement is { } known)
            {
                copies.Add(file, known.Accepted);
            }
        }

        lines.End();
        return allAccepted;
    }

    private static ModelScorer OpenModel(string file, int threads) => new(OnnxGate.Open(file, threads: 1), threads);

    /// <summary>A separate method, so that using only a model never loads TorchSharp.</summary>
    private static RunScorer OpenRun(string run, int threads) =>
        new RunScorer(TrainedGate.Load(RunFolder.Open(run).BestCheckpoint, TorchRuntime.Prepare("cpu", threads, Screen.Note)), threads);

    private static IEnumerable<PictureFile> Files(string path) => Directory.Exists(path)
        ? ImageFolder.Names(path).Select(name => new PictureFile(Path.Combine(path, name), name))
        : File.Exists(path)
            ? [new PictureFile(path, Path.GetFileName(path))]
            : throw new TrainerException($"There is no picture or folder '{path}'. Check the path.");
}
