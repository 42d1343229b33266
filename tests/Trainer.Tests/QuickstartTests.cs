using Trainer.Core.Tests;
using Xunit;

namespace Trainer.Tests;

[Collection(Apart.Name)]
public sealed class QuickstartTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void DrawsTrainsEvaluatesAndExports()
    {
        var outcome = TrainerProcess.Run(
            folder.Root, "quickstart", "--out", "erste Schritte", "--photos", "40", "--epochs", "0", "--threads", "2");

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.True(File.Exists(Path.Combine(folder.Root, "erste Schritte", "run", "model.onnx")));
        Assert.Contains($"The model for the app: {Path.Combine("erste Schritte", "run", "model.onnx")}", outcome.Output,
            StringComparison.Ordinal);
        Assert.Contains(Path.Combine("erste Schritte", "run", "gate.json"), outcome.Output, StringComparison.Ordinal);
        Assert.Contains(Path.Combine("erste Schritte", "pictures"), outcome.Output, StringComparison.Ordinal);
        Assert.Contains($"report: {Path.Combine("erste Schritte", "run", "report.html")}", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("It accepts", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', outcome.Output);
    }
}
