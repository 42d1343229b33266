using System.Text.Json;
using Trainer.Core.Export.Proof.CoreMl;
using Trainer.Core.Export.Proof.LiteRt;
using Trainer.Core.Imaging;
using Trainer.Core.Tests;
using Trainer.Core.Tests.Training;
using Xunit;

namespace Trainer.Tests;

/// <summary>A run whose network takes pictures of 160x160. Everything after training has to use this size too.</summary>
public sealed class SizeTests(TrainedRun run) : IDisposable
{
    private const double Tolerance = 1e-2; // one pixel in 25,000 rounds differently in the graph, and features of random weights amplify it
    private const double TensorTolerance = 1e-4;
    private readonly TemporaryFolder folder = new();

    private string Out => folder.PathOf("run");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void EverythingFollowsTheSizeOfTheRun()
    {
        var (normal, coco) = (DrawnPictures.Normals(folder, "normal", 12), DrawnPictures.Negatives(folder, "coco", 12));
        Succeeded("train", "--normal", normal, "--coco", coco, "--weights", "start.safetensors", "--weights-input", "unit", "--size", "160", "--epochs", "0", "--accept", "0.8", "--threads", "2", "--device", "cpu", "--out", Out);

        Assert.Equal(160, Json("options.json").GetProperty("options").GetProperty("size").GetInt32());
        var preprocessing = Json("gate.json").GetProperty("preprocessing");
        Assert.Equal((160, new Preprocessing(160).Description),
            (preprocessing.GetProperty("imageSize").GetInt32(), preprocessing.GetProperty("description").GetString()));

        var evaluated = JsonSerializer.Deserialize<JsonElement>(Succeeded("eval", "--run", Out, "--json").Output);
        Assert.Equal(["normal", "coco"], evaluated.GetProperty("sets").EnumerateArray().Select(set => set.GetProperty("name").GetString()));
        Assert.True(File.Exists(Path.Combine(Out, "report.html")));

        Succeeded("calibrate", "--run", Out, "--accept", "0.9");
        Succeeded("export", "--run", Out, "--onnx", "--coreml", "--coreml-legacy", "--tflite", "--precision", "fp32");
        // With so few pictures its cosines may be anywhere.
        Succeeded("export", "--run", Out, "--onnx", "--precision", "int8", "--allow-drift", "2");
        Succeeded("export", "--run", Out, "--onnx", "--input", "tensor", "--output", folder.PathOf("tensor.onnx"));
        var exports = Json("gate.json").GetProperty("exports");
        Assert.Equal(6, exports.EnumerateObject().Count());
        Assert.All(new[] { "model.onnx", "tensor.onnx", "model.fp32.mlpackage", "model.fp32.mlmodel", "model.tflite" }, file =>
            Assert.InRange(exports.GetProperty(file).GetProperty("worstDelta").GetDouble(), 0,
                file == "model.onnx" ? Tolerance : TensorTolerance));

        var trained = Cosines("--run", Out);
        Assert.Equal(trained, Cosines("--model", Path.Combine(Out, "model.onnx")), (one, other) => Math.Abs(one - other) < Tolerance);
        Assert.Equal(trained, Cosines("--model", folder.PathOf("tensor.onnx")), (one, other) => Math.Abs(one - other) < TensorTolerance);
        using var package = CoreMlGate.Open(Path.Combine(Out, "model.fp32.mlpackage"));
        using var legacy = CoreMlGate.Open(Path.Combine(Out, "model.fp32.mlmodel"));
        using var liteRt = LiteRtGate.Open(Path.Combine(Out, "model.tflite"));
        Assert.Equal((160, 160, 160), (package.Preprocessing.Edge, legacy.Preprocessing.Edge, liteRt.Preprocessing.Edge));

        var resumed = run.Run("train", "--resume", Out, "--size", "128");
        Assert.Equal((1, true), (resumed.ExitCode, resumed.Error.Contains("can't be resumed with other options: size was 160 and is now "
            + "128.", StringComparison.Ordinal)));
    }

    private double[] Cosines(string option, string gate) =>
    [
        .. run.Run("predict", option, gate, folder.PathOf("normal"), folder.PathOf("coco"), "--json", "--threads", "2").Lines
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("similarity").GetDouble()),
    ];

    private JsonElement Json(string file) => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(Out, file)));

    private Outcome Succeeded(params string[] arguments)
    {
        var outcome = run.Run(arguments);
        Assert.True(outcome.ExitCode == 0, $"trainer {string.Join(' ', arguments)}: {outcome.Error}");
        return outcome;
    }
}
