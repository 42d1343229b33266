using System.Text.RegularExpressions;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Safetensors;
using Xunit;

namespace Trainer.Tests;

/// <summary>Tests the errors that users read: exit code 1 and only the message, stored in Golden/error-*.txt.</summary>
public sealed partial class UserErrorTests(TrainedRun run)
{
    private const string Train = "train --normal pictures/normal --coco pictures/coco --out new";

    [Theory]
    [InlineData("no-command", "")]
    [InlineData("unknown-command", "trian --normal pictures/normal")]
    [InlineData("train-without-folders", "train")]
    [InlineData("train-without-coco", "train --normal pictures/normal")]
    [InlineData("unknown-option", $"{Train} --epoch 3")]
    [InlineData("unknown-value", $"{Train} --optimizer adam")]
    [InlineData("unknown-option-like-none", $"{Train} --temperature 3")]
    [InlineData("no-option", "train pictures/normal pictures/coco")]
    [InlineData("no-whole-number", $"{Train} --epochs 2.5")]
    [InlineData("no-number", $"{Train} --lr fast")]
    [InlineData("no-value", $"{Train} --epochs")]
    [InlineData("epochs-below-0", $"{Train} --epochs -1")]
    [InlineData("margin-200", $"{Train} --margin 200")]
    [InlineData("size-200", $"{Train} --size 200")]
    [InlineData("threads", $"{Train} --threads -1")]
    [InlineData("missing-folder", "train --normal pictures/rice --coco pictures/coco --out new")]
    [InlineData("missing-coco", "train --normal pictures/normal --coco coco --out new")]
    [InlineData("empty-folder", "train --normal empty --coco pictures/coco --out new")]
    [InlineData("folder-without-pictures", "train --normal texts --coco pictures/coco --out new")]
    [InlineData("file-as-folder", "train --normal texts/notes.txt --coco pictures/coco --out new")]
    [InlineData("few-photos", "train --normal pictures/hard --coco pictures/coco --out new --weights none")]
    [InlineData("existing-run", "train --normal pictures/normal --coco pictures/coco")]
    [InlineData("existing-files", "train --normal pictures/normal --coco pictures/coco --out pictures")]
    [InlineData("out-below-a-file",
        "train --normal pictures/normal --coco pictures/coco --out texts/notes.txt/run --epochs 1 --weights none")]
    [InlineData("weights-missing", $"{Train} --weights gone.safetensors")]
    [InlineData("weights-of-another-network", $"{Train} --weights other.safetensors")]
    [InlineData("weights-are-no-weights", $"{Train} --weights texts/notes.txt")]
    [InlineData("config-missing", $"{Train} --config gone.json")]
    [InlineData("config-unknown-key", $"{Train} --config unknown.json")]
    [InlineData("config-is-no-json", $"{Train} --config texts/notes.txt")]
    [InlineData("device-cuda", $"{Train} --device cuda")]
    [InlineData("unknown-device", $"{Train} --device gpu")]
    [InlineData("eval-without-run", "eval")]
    [InlineData("missing-run", "eval --run runs/rice")]
    [InlineData("run-is-none", "eval --run pictures")]
    [InlineData("negative-without-name", "eval --run runs/normal --negative pictures/hard")]
    [InlineData("negative-named-twice", "eval --run runs/normal --negative a=pictures/hard --negative a=pictures/coco")]
    [InlineData("missing-negative", "eval --run runs/normal --negative weeds=photos/weeds")]
    [InlineData("model-missing", "eval --run runs/normal --model gone.onnx")]
    [InlineData("model-is-none", "eval --run runs/normal --model texts/notes.txt")]
    [InlineData("eval-device", "eval --run runs/normal --device gpu")]
    [InlineData("eval-threads", "eval --run runs/normal --threads 5000")]
    [InlineData("inspect-without-folders", "inspect --normal pictures/normal")]
    [InlineData("inspect-accept", "inspect --normal pictures/normal --coco pictures/coco --accept 95")]
    [InlineData("completion-without-shell", "completion")]
    [InlineData("completion-of-another-shell", "completion zhs")]
    [InlineData("export-of-nothing", "export --run runs/normal")]
    [InlineData("export-of-no-run", "export --run pictures --onnx")]
    [InlineData("export-precision", "export --run runs/normal --onnx --precision fp8")]
    [InlineData("export-into-no-folder", "export --run runs/normal --onnx --output gone/model.onnx")]
    [InlineData("eval-report-into-no-folder", "eval --run runs/normal --report gone/page.html")]
    [InlineData("report-into-no-folder", "report runs/normal --output gone/page.html")]
    [InlineData("predict-model-is-a-run", "predict --model runs/normal pictures/normal")]
    [InlineData("predict-model-is-a-folder", "predict --model pictures pictures/normal")]
    [InlineData("predict-run-is-a-file", "predict --run texts/notes.txt pictures/normal")]
    [InlineData("export-input", "export --run runs/normal --onnx --input pixels")]
    [InlineData("export-two-into-one", "export --run runs/normal --onnx --precision fp32,int8 --output m.onnx")]
    [InlineData("predict-nothing", "predict --run runs/normal")]
    [InlineData("predict-without-gate", "predict pictures/normal")]
    [InlineData("predict-two-gates", "predict --run runs/normal --model gone.onnx pictures/normal")]
    [InlineData("predict-missing-picture", "predict --model gone.onnx photos/a.jpg")]
    [InlineData("predict-missing-model", "predict --model gone.onnx pictures/normal")]
    [InlineData("predict-json-and-csv", "predict --run runs/normal pictures/normal --json --csv")]
    [InlineData("demo-of-no-run", "demo --run pictures")]
    [InlineData("quickstart-into-files", "quickstart --out pictures")]
    [InlineData("quickstart-epochs", "quickstart --out new --epochs -1")]
    public void MistakeIsExplainedAndNothingIsLeft(string name, string arguments)
    {
        MakeFiles();
        Assert.SkipWhen(name == "device-cuda" && HasCuda(), "This build knows CUDA.");

        var outcome = run.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(1, outcome.ExitCode);
        Assert.DoesNotMatch(StackTrace(), outcome.Error + outcome.Output);
        Assert.False(Directory.Exists(Path.Combine(run.Work, "new")));
        GoldenText.AssertIs($"error-{name}.txt", Portable(outcome.Error));
    }

    private void MakeFiles()
    {
        Directory.CreateDirectory(Path.Combine(run.Work, "empty"));
        Directory.CreateDirectory(Path.Combine(run.Work, "texts"));
        File.WriteAllText(Path.Combine(run.Work, "texts", "notes.txt"), "water twice a day");
        File.WriteAllText(Path.Combine(run.Work, "unknown.json"), """{ "epoch": 3 }""");
        var other = Path.Combine(run.Work, "other.safetensors");
        if (!File.Exists(other))
        {
            using var network = new Core.Networks.EmbeddingNetwork();
            Core.Platform.AtomicFile.Write(other, stream => SafetensorsFile.Write(stream, StateDict.Save(network).Select(Wider)));
        }
    }

    /// <summary>The first convolution with kernels of 5x5.</summary>
    private static WeightTensor Wider(WeightTensor tensor) =>
        tensor.Name == "features.0.0.weight"
            ? new WeightTensor(tensor.Name, WeightType.Float32, [32, 3, 5, 5], new byte[32 * 3 * 5 * 5 * 4]) : tensor;

    private static bool HasCuda() => Directory.GetFiles(AppContext.BaseDirectory, "*torch_cuda*", SearchOption.AllDirectories).Length > 0;

    private string Portable(string text) => text.Replace(run.Work, "WORK", StringComparison.Ordinal).Replace('\\', '/');

    [GeneratedRegex(@"^\s+at \S+\(", RegexOptions.Multiline)]
    private static partial Regex StackTrace();
}
