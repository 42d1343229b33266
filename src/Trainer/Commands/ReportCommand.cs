using System.CommandLine;
using Trainer.Commands.Options;
using Trainer.Commands.Steps;
using Trainer.Core.Batching;
using Trainer.Core.Evaluation;
using Trainer.Core.Platform;
using Trainer.Core.Reporting;
using Trainer.Core.Reporting.Pages;
using Trainer.Core.Runs;
using Trainer.Terminal;

namespace Trainer.Commands;

/// <summary>trainer report: writes the report on one run, or a comparison of several.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var command = new Command("report", "Writes a report as a web page: the verdict, the pictures that the gate gets wrong, curves, "
            + "contact sheets. Several runs are compared.\n"
            + "Example: trainer report runs/rice\n"
            + "Example: trainer report runs/rice runs/article --negative weeds=photos/weeds --output compared.html");
        var runs = new Argument<string[]>("run") { Description = "Folders of runs.", HelpName = "RUN", Arity = ArgumentArity.OneOrMore };
        command.Arguments.Add(runs);
        var sets = new EvaluationSets(command);
        var output = new Option<string>("--output")
        {
            Description = "The file to write. Default: report.html in the run's folder, or evaluated.html if folders are named; for "
                + "several runs, report.html in the current folder.",
            HelpName = "FILE"
        };
        var device = CommonOptions.Device();
        var threads = CommonOptions.Threads();
        foreach (var option in new Option[] { output, device, threads })
        {
            command.Options.Add(option);
        }

        command.SetAction(result =>
        {
            var folders = result.GetValue(runs)!.Select(RunFolder.Open).ToArray(); // at least one
            var page = result.GetValue(output) ?? (folders.Length == 1 ? sets.PageOf(folders[0], result) : "report.html");
            AtomicFile.RequireWritable(page);
            var used = CommonOptions.Resolve(result.GetValue(threads));
            var torchDevice = TorchRuntime.Prepare(result.GetValue(device)!, used, Screen.Note); // has a default
            var reports = folders.Select(folder =>
            {
                var skipped = new SkippedFiles();
                skipped.Skipped += file => Screen.Note($"skipped {file.Path}: {file.Reason}");
                var chosen = sets.For(folder, result, skipped);
                using var gate = TrainedGate.Load(folder.BestCheckpoint, torchDevice);
                var results = Screen.Progress(
                    folder.Path,
                    chosen.Sum(set => set.Images.Count),
                    silent: false,
                    done => new Evaluator(gate, new BatchLoader(gate.Preprocessing, BatchLoader.PicturesAtOnce, used, skipped))
                    .Evaluate(chosen, done));
                return Reports.Build(folder, gate, results, sets.AreOwn(result), used);
            }).ToArray();
            Write(reports, page);
        });
        return command;
    }

    private static void Write(IReadOnlyList<RunReport> reports, string file)
    {
        AtomicFile.WriteText(file, reports is [var only] ? RunPage.Of(only) : ComparisonPage.Of(reports));
        foreach (var report in reports)
        {
            var verdict = Verdict.Of(report);
            Screen.Line($"[bold]{Screen.Escape(report.Name)}[/]  {Screen.Escape(verdict.Headline)}. {Screen.Escape(verdict.Sentence)}");
        }

        Screen.Line($"  report: {Screen.Escape(file)}");
    }
}
