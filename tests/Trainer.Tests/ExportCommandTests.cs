using System.Security.Cryptography;
using System.Text.Json;
using Xunit;

namespace Trainer.Tests;

public sealed class ExportCommandTests(TrainedRun run)
{
    [Fact]
    public void WritesTheModelAndSaysWhatWasProved()
    {
        var outcome = run.Exported;

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.InRange(new FileInfo(run.PathOf("model.onnx")).Length, 11_000_000, 12_500_000);
        Assert.Matches(
            @"\Aformat +MB +ms +changed +AUROC before +after +accepted before +after +worst \|Δ cosine\| +mean\n"
            + @"onnx fp32 +11\.\d\d +\d+\.\d +0 +\d\.\d{4} +\d\.\d{4} +\d\.\d{3} +\d\.\d{3} +\d\.\de-\d+ +\d\.\de-\d+\n"
            + @"Against the checkpoint, on 18 held-out pictures of the run\. [^\n]*\n"
            + @"runs.normal.model\.onnx\nruns.normal.model-card\.md: what an app's developer should know\n\z",
            outcome.Output);
    }

    [Fact]
    public void HashAndParityAreNotedInTheGate()
    {
        Assert.Equal(0, run.Exported.ExitCode);

        var gate = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(run.PathOf("gate.json")));

        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(run.PathOf("model.onnx"))));
        Assert.Equal(hash, gate.GetProperty("files").GetProperty("model.onnx").GetString());
        Assert.Equal(0, gate.GetProperty("exports").GetProperty("model.onnx").GetProperty("changedDecisions").GetInt32());
        Assert.True(gate.TryGetProperty("threshold", out _));
    }

    [Fact]
    public void CardDescribesTheExportAndKeepsTheLicence()
    {
        _ = run.Exported;
        var path = run.PathOf("model-card.md");
        File.WriteAllText(
            path, File.ReadAllText(path).Replace("Not stated yet: say here under which licence", "CC0. Not:", StringComparison.Ordinal)
            .Replace("# Model card", "# My card", StringComparison.Ordinal));

        var outcome = run.Run("export", "--run", TrainedRun.Out, "--onnx", "--name", "green leaves", "--threads", "2");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var card = File.ReadAllText(path);
        Assert.StartsWith("# Model card: green leaves\n", card, StringComparison.Ordinal);
        Assert.Contains("\n## Licence\n\nCC0. Not:", card, StringComparison.Ordinal);
        Assert.Matches(@"\n\| ordinary photos \| \d+ of \d+ \| \([^)]+ %\) \| \d\.\d{3} \(", card);
        Assert.Contains("\n| `model.onnx` | 11.", card, StringComparison.Ordinal);
        var gate = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(run.PathOf("gate.json")));
        Assert.Equal("green leaves", gate.GetProperty("subject").GetString());
        Assert.Equal("normal", gate.GetProperty("test")[0].GetProperty("name").GetString());
    }

    [Fact]
    public void ModelThatCannotBeWrittenLeavesTheGateAsItWas()
    {
        _ = run.Exported;
        var before = File.ReadAllBytes(run.PathOf("gate.json"));

        var outcome = run.Run("export", "--run", TrainedRun.Out, "--onnx", "--output", "gone/model.onnx", "--threads", "2");

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("error: Can't write 'gone/model.onnx'", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(run.PathOf("gate.json")));
    }

    [Fact]
    public void BytesAreCheckedAndWrittenBesideTheFloats()
    {
        var outcome = run.Run(
            "export", "--run", TrainedRun.Out, "--onnx", "--precision", "fp16,int8", "--threads", "2", "--allow-drift", "1");

        Assert.Equal(0, outcome.ExitCode);
        Assert.InRange(new FileInfo(run.PathOf("model.fp16.onnx")).Length, 5_500_000, 6_000_000);
        Assert.InRange(new FileInfo(run.PathOf("model.int8.onnx")).Length, 2_900_000, 3_200_000);
        var exports = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(run.PathOf("gate.json"))).GetProperty("exports");
        Assert.Equal("onnx int8", exports.GetProperty("model.int8.onnx").GetProperty("format").GetString());
        Assert.True(exports.TryGetProperty("model.fp16.onnx", out _));
    }

    [Fact]
    public void CoreMlFilesAreProvedWithoutAMac()
    {
        var outcome = run.Run("export", "--run", TrainedRun.Out, "--coreml", "--coreml-legacy", "--precision", "fp32", "--threads", "2");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Matches(
            @"\nmlpackage fp32 +11\.\d\d +–  [^\n]*\nmlmodel fp32 +11\.\d\d +–  [^\n]*\n[^\n]*\nruns.normal.model\.fp32\.mlpackage\nruns.normal.model\.fp32\.mlmodel\nruns.normal.model-card\.md: [^\n]*\n\z", outcome.Output);
        var gate = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(run.PathOf("gate.json")));
        Assert.Equal(18, gate.GetProperty("exports").GetProperty("model.fp32.mlpackage").GetProperty("pictures").GetInt32());
        var hash = Convert.ToHexStringLower(
            SHA256.HashData(File.ReadAllBytes(run.PathOf("model.fp32.mlpackage/Data/com.apple.CoreML/weights/weight.bin"))));
        Assert.Equal(hash,
            gate.GetProperty("files").GetProperty("model.fp32.mlpackage/Data/com.apple.CoreML/weights/weight.bin").GetString());
    }

    [Fact]
    public void OneFileForSeveralFormatsIsRefused()
    {
        var outcome = run.Run("export", "--run", TrainedRun.Out, "--coreml", "--onnx", "--output", "x");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith("error: --output names one file, but 2 files were requested.", outcome.Error, StringComparison.Ordinal);
    }
}
