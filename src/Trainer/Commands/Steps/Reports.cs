using Trainer.Commands.Options;
using Trainer.Core;
using Trainer.Core.Batching;
using Trainer.Core.Evaluation;
using Trainer.Core.Platform;
using Trainer.Core.Reporting;
using Trainer.Core.Reporting.Pages;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Options;
using Trainer.Core.Training;
using Trainer.Terminal;
using static TorchSharp.torch;

namespace Trainer.Commands.Steps;

/// <summary>Writes reports for several commands.</summary>
internal static class Reports
{
    /// <summary>
    /// Writes the report of a run that has just ended, on its own test part. An error only becomes a notice, because the run itself is
    /// complete.
    /// </summary>
    public static void AfterTraining(TrainingOptions options, Action<TrainingEvent> tell)
    {
        var run = new RunFolder(options.Out);
        try
        {
            var threads = CommonOptions.Resolve(options.Threads);
            using var gate = TrainedGate.Load(run.BestCheckpoint, TorchRuntime.Prepare(options.Device, threads, Screen.Note));
            var sets = new Evaluator(gate, new BatchLoader(gate.Preprocessing, BatchLoader.PicturesAtOnce, threads, new SkippedFiles()))
                .Evaluate(RunPictures.TestSets(run, text => tell(new Notice(text))));
            tell(Write(run, gate, sets, areOwn: true, run.Report, threads));
        }
        catch (Exception e)
        {
            tell(
                new Notice(
                $"The run is complete, but its report could not be written: {e.Message} Try again with 'trainer report {options.Out}'."));
        }
    }

    /// <summary>Writes one run's report.</summary>
    /// <param name="areOwn">True if the sets are the run's own test part.</param>
    /// <param name="baselines">Baselines that are already measured; null to measure them here.</param>
    public static ReportWritten Write(
        RunFolder run, TrainedGate gate, IReadOnlyList<SetResult> sets, bool areOwn, string file, int threads,
        IReadOnlyList<Baseline>? baselines = null)
    {
        var report = Build(run, gate, sets, areOwn, threads, baselines);
        AtomicFile.WriteText(file, RunPage.Of(report));
        var verdict = Verdict.Of(report);
        return new ReportWritten(file, verdict.Headline, verdict.Sentence);
    }

    /// <summary>Collects the content of a report.</summary>
    public static RunReport Build(
        RunFolder run, TrainedGate gate, IReadOnlyList<SetResult> sets, bool areOwn, int threads,
        IReadOnlyList<Baseline>? baselines = null) =>
        new ReportBuilder(run, gate, threads)
            .Build(sets, areOwn ? "test" : "evaluated", DateTimeOffset.Now)
            with
        { Baselines = baselines ?? KnownBaselines(run, gate, sets, threads) };

    /// <summary>How well the run's start weights do alone.</summary>
    public static IReadOnlyList<Baseline> Baselines(
        RunFolder run, IReadOnlyList<SetResult> sets, Device device, int threads, bool silent) => Screen.Progress(
        "measuring the start weights",
        RunBaselines.PicturesOf(run, sets),
        silent,
        done => RunBaselines.Measure(
            run, sets, device,
        new BatchLoader(run.ReadRecord().Options.Preprocessing, BatchLoader.PicturesAtOnce, threads, new SkippedFiles()), done));

    /// <summary>The baselines; empty if they can't be measured, and the report is then written without them.</summary>
    private static IReadOnlyList<Baseline> KnownBaselines(RunFolder run, TrainedGate gate, IReadOnlyList<SetResult> sets, int threads)
    {
        try
        {
            return Baselines(run, sets, gate.Device, threads, silent: true);
        }
        catch (TrainerException)
        {
            return [];
        }
    }

    /// <summary>Prints the verdict and the path of the report.</summary>
    public static void Say(ReportWritten written, bool quiet)
    {
        if (!quiet)
        {
            Screen.Line($"\n[bold]{Screen.Escape(written.Headline)}.[/] {Screen.Escape(written.Sentence)}");
            Screen.Line($"  report: {Screen.Escape(written.File)}");
        }
    }
}
