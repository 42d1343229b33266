using System.Text.RegularExpressions;
using Trainer.Commands.Steps;
using Trainer.Core.Runs.Options;
using Trainer.Core.Training;
using Xunit;

namespace Trainer.Tests;

public sealed class ReportCommandTests(TrainedRun run)
{
    [Fact]
    public void TrainingEndsWithTheVerdict()
    {
        Assert.Matches(@"(?m)^\S.*\. It accepts .+ photos of the subject and lets .+ ordinary photos through", run.Trained.Output);
        Assert.Contains($"  report: {Path.Combine("runs", "normal", "report.html")}\n", run.Trained.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void EvaluationWritesThePageOfTheSetsItMeasured()
    {
        var outcome = run.Run(
            "eval", "--run", TrainedRun.Out, "--negative", "broad leaves=pictures/hard", "--report", "evaluated.html", "--threads", "2");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.EndsWith("  report: evaluated.html\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("<bdi>broad leaves</bdi>", Page("evaluated.html"), StringComparison.Ordinal);
    }

    [Fact]
    public void NamedSetsGetAPageOfTheirOwnAndTheVerdictWeighsOrdinaryPhotosToo()
    {
        var own = File.ReadAllText(run.PathOf("report.html"));

        var outcome = run.Run("eval", "--run", TrainedRun.Out, "--negative", "broad leaves=pictures/hard", "--report", "--threads", "2");

        Assert.EndsWith($"  report: {Path.Combine("runs", "normal", "evaluated.html")}\n", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(" ordinary photos through", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(own, File.ReadAllText(run.PathOf("report.html")));
    }

    [Fact]
    public void SeveralRunsStandSideBySide()
    {
        var outcome = run.Run("report", TrainedRun.Out, TrainedRun.Out, "--output", "both.html", "--threads", "2");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("normal (2)", Page("both.html"), StringComparison.Ordinal);
    }

    [Fact]
    public void OneRunIsWrittenIntoItsFolder()
    {
        File.Delete(run.PathOf("report.html"));

        var outcome = run.Run("report", TrainedRun.Out, "--threads", "2");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.InRange(new FileInfo(run.PathOf("report.html")).Length, 50_000, 1_000_000);
    }

    [Fact]
    public void ReportIsAboutTheCheckpointAlone()
    {
        var outcome = run.Run("eval", "--run", TrainedRun.Out, "--model", "model.onnx", "--report");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("Leave out --model", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void RunIsNotLostByAReportThatFails()
    {
        var told = new List<TrainingEvent>();

        Reports.AfterTraining(
            new TrainingOptions { Normal = "n", Coco = "c", Out = Path.Combine(run.Work, "gone"), Device = "cpu", Threads = 2 }, told.Add);

        Assert.Matches("^The run is complete, but its report could not be written: .+ Try again with 'trainer report ",
            Assert.IsType<Notice>(Assert.Single(told)).Text);
    }

    private string Page(string file) => Regex.Replace(File.ReadAllText(Path.Combine(run.Work, file)), "base64,[^\"]*", "");
}
