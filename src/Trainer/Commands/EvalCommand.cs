using System.CommandLine;
using System.Text.Json;
using Trainer.Commands.Options;
using Trainer.Commands.Steps;
using Trainer.Core;
using Trainer.Core.Batching;
using Trainer.Core.Evaluation;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Platform;
using Trainer.Core.Reporting;
using Trainer.Core.Runs;
using Trainer.Core.Scoring;
using Trainer.Terminal;
using Trainer.Terminal.Results;

namespace Trainer.Commands;

/// <summary>trainer eval: measures a gate on sets of pictures.</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        var command = new Command(
            "eval", "Shows how a gate decides: distributions of cosines, AUROC, false and true accepts for each set.\n"
            + "Example: trainer eval --run runs/rice --negative weeds=photos/weeds --report");
        var run = CommonOptions.Run();
        command.Options.Add(run);
        var sets = new EvaluationSets(command);
        var model = new Option<string>(
            "--model")
        { Description = "Evaluate this exported ONNX file instead of the run's checkpoint.", HelpName = "FILE" };
        var report = new Option<string>("--report")
        {
            Description = "Also write a report. Default: report.html in the run's folder, or evaluated.html if folders are named.",
            HelpName = "FILE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var baselines = new Option<bool>("--baselines")
        {
            Description = "Also show how well the start weights alone do: by the cosine to their centroid, and to the five nearest photos."
        };
        var json = CommonOptions.Json("one JSON object");
        var device = CommonOptions.Device();
        var threads = CommonOptions.Threads();
        foreach (var option in new Option[] { model, report, baselines, json, device, threads })
        {
            command.Options.Add(option);
        }

        command.SetAction(result =>
        {
            var wantsReport = result.GetResult(report) is not null;
            if (wantsReport && result.GetValue(model) is not null)
            {
                throw new TrainerException("--report is about the run's own checkpoint, and can't be made for an exported file. Leave out "
                    + "--model.");
            }

            var folder = RunFolder.Open(result.GetValue(run)!); // required
            var page = result.GetValue(report) ?? sets.PageOf(folder, result);
            if (wantsReport)
            {
                AtomicFile.RequireWritable(page);
            }

            var skipped = new SkippedFiles();
            skipped.Skipped += file => Screen.Note($"skipped {file.Path}: {file.Reason}");
            var chosen = sets.For(folder, result, skipped);
            var used = CommonOptions.Resolve(result.GetValue(threads));
            var torchDevice = TorchRuntime.Prepare(result.GetValue(device)!, used, Screen.Note); // has a default
            using var exported = result.GetValue(model) is { } file ? new ModelScorer(OnnxGate.Open(file, threads: 1), used) : null;
            using var trained = exported is null ? TrainedGate.Load(folder.BestCheckpoint, torchDevice) : null;
            if (exported is not null && !result.GetValue(json) && sets.TakeOwnNormals(result))
            {
                Screen.Note("an exported file's head may know the run's own photos of the subject, and then their cosines are too good. "
                    + "Name other photos with --normal DIR, or leave out --model: the checkpoint judges each photo by a head without it.");
            }

            var threshold = trained?.Threshold ?? exported!.Threshold; // either one or the other is set
            var results = Screen.Progress(
                "evaluating",
                chosen.Sum(set => set.Images.Count),
                silent: result.GetValue(json),
                done => trained is null
                    ? new ScoredSets(exported!, skipped).Evaluate(chosen, done)
                    : new Evaluator(trained, new BatchLoader(trained.Preprocessing, BatchLoader.PicturesAtOnce, used, skipped))
                        .Evaluate(chosen, done));
            var compared = result.GetValue(baselines) ? Reports.Baselines(folder, results, torchDevice, used, silent: result.GetValue(json))
                : [];
            if (result.GetValue(json))
            {
                Console.WriteLine(
                    JsonSerializer.Serialize(
                    new { Threshold = threshold, Sets = results, Baselines = compared, Skipped = skipped.Count }, Json.Line));
            }
            else
            {
                EvaluationTable.Print(results, threshold, skipped.Count);
                if (KnownLookAlikes.Among(results, folder.ReadRecord().Options) is { } known)
                {
                    Screen.Line(Screen.Escape(known));
                }

                if (result.GetValue(baselines))
                {
                    BaselineTable.Print(compared);
                }
            }

            if (wantsReport)
            {
                // Not null, because --report excludes --model.
                var written = Reports.Write(
                    folder, trained!, results, sets.AreOwn(result), page, used, result.GetValue(baselines) ? compared : null);
                Reports.Say(written, quiet: result.GetValue(json));
            }
        });
        return command;
    }
}
