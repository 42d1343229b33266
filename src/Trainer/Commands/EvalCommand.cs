using System.CommandLine;
using System.Text.Json;
using Trainer.Core;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Training;
using Trainer.Core.Validation;
using Trainer.Terminal;

namespace Trainer.Commands;

/// <summary>trainer eval: what a gate does on sets of pictures.</summary>
internal static class EvalCommand
{
    private const int BatchSize = 32;

    public static Command Create()
    {
        var run = CommonOptions.Run();
        var normal = new Option<string>("--normal") { Description = "Photos of the subject. Default: the run's own test part.", HelpName = "DIR" };
        var coco = new Option<string>("--coco") { Description = "Ordinary photos. Default, without any folder: the run's own test part.", HelpName = "DIR" };
        var negatives = new Option<string[]>("--negative") { Description = "A named set that should be rejected; can be given several times.", HelpName = "NAME=DIR" };
        var model = new Option<string>("--model") { Description = "Evaluate this exported ONNX file instead of the run's checkpoint.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of the table." };
        var device = CommonOptions.Device();
        var threads = CommonOptions.Threads();
        var command = new Command("eval", "Shows how a gate decides: distributions of cosines, AUROC, false and true accepts for each set.\n"
            + "Example: trainer eval --run runs/rice --negative weeds=photos/weeds")
        {
            run, normal, coco, negatives, model, json, device, threads,
        };
        command.SetAction(result =>
        {
            var folder = RunFolder.Open(result.GetValue(run)!); // required
            var skipped = new SkippedFiles();
            skipped.Skipped += file => Screen.Note($"skipped {file.Path}: {file.Reason}");
            var sets = Sets(folder, result.GetValue(normal), result.GetValue(coco), result.GetValue(negatives) ?? [], skipped);
            var used = CommonOptions.Resolve(result.GetValue(threads));
            var torchDevice = TorchRuntime.Prepare(result.GetValue(device)!, used); // has a default
            using var exported = result.GetValue(model) is { } file ? OnnxGate.Open(file, used) : null;
            using var trained = exported is null ? TrainedGate.Load(folder.BestCheckpoint, torchDevice) : null;
            IGate gate = exported is not null ? exported : trained!; // one of the two
            var results = Screen.Progress(
                "evaluating",
                sets.Sum(set => set.Images.Count),
                silent: result.GetValue(json),
                done => new Evaluator(gate, new BatchLoader(BatchSize, used, skipped)).Evaluate(sets, done));
            if (result.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(new { gate.Threshold, Sets = results, Skipped = skipped.Count }, Json.Line));
            }
            else
            {
                EvaluationTable.Print(results, gate.Threshold, skipped.Count);
            }
        });
        return command;
    }

    private static IReadOnlyList<EvaluationSet> Sets(RunFolder run, string? normal, string? coco, string[] negatives, SkippedFiles skipped)
    {
        if (normal is null && coco is null && negatives.Length == 0)
        {
            return RunPictures.TestSets(run, Screen.Note);
        }

        var sets = new List<EvaluationSet>
        {
            normal is null ? RunPictures.TestNormals(run, Screen.Note) : new("normal", SetRole.Normal, Scan(normal)),
        };
        if (coco is not null)
        {
            sets.Add(new("coco", SetRole.Negative, Scan(coco)));
        }

        sets.AddRange(negatives.Select(CommonOptions.Named).Select(set => new EvaluationSet(set.Name, SetRole.Negative, Scan(set.Folder))));
        CommonOptions.RequireDifferentNames(sets.Select(set => set.Name));
        return sets;

        IReadOnlyList<ImageEntry> Scan(string folder)
        {
            var scan = ImageFolder.Scan(folder);
            foreach (var file in scan.Skipped)
            {
                skipped.Add(file);
            }

            return scan.Images;
        }
    }
}
