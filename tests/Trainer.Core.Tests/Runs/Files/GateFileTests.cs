using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Trainer.Core.Evaluation;
using Trainer.Core.Gates;
using Trainer.Core.Metrics;
using Trainer.Core.Runs.Files;
using Xunit;

namespace Trainer.Core.Tests.Runs.Files;

public sealed class GateFileTests : IDisposable
{
    private static readonly Checkpoint Found = new(1, 20, new Centroid([0.6f, 0.8f], 10, 0.9), new Threshold(0.25f, 0.95, 10), "{}");

    private static readonly ValidationLine Validation = new(
        1, 20, Distribution.Of([0.5f]), Distribution.Of([]), double.NaN, double.NaN, 0.25, double.NaN, 0.9, Best: true);

    private readonly TemporaryFolder folder = new();
    private readonly string path;

    public GateFileTests()
    {
        path = folder.PathOf("gate.json");
        GateFile.Write(path, Found, Validation, "none");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void SubjectAndFiguresOfTheTestAreNoted()
    {
        GateFile.NoteTest(path, "rice", [SetResult.Of("normal", SetRole.Normal, [0.5f, 0.2f], [0.5f, 0.2f], 0.25f)]);
        GateFile.NoteTest(path, "rice plants", []); // the photos no longer exist

        Assert.Equal("rice plants", (string)Read()["subject"]!);
        Assert.Equal(0.5, (double)Read()["test"]![0]!["acceptRate"]!);
    }

    [Fact]
    public void ExportsComeBackAsFarAsTheyAreKnown()
    {
        GateFile.NoteExport(path, folder.Write("model.onnx", [1]), new { Low = 0.1, High = 0.2 });
        GateFile.NoteExport(path, folder.Write("old.onnx", [1]), new { Low = 0.1 });

        Assert.Equal([KeyValuePair.Create("model.onnx", new Bounds(0.1, 0.2))], GateFile.Exports<Bounds>(path));
    }

    [Fact]
    public void SaysWhatAnAppNeeds()
    {
        var gate = Read();

        Assert.Equal(0.25, (double)gate["threshold"]!); // null fails the test here
        Assert.Equal(0.95, (double)gate["promisedAcceptRate"]!);
        Assert.Equal(10, (int)gate["calibrationCount"]!);
        Assert.Equal(512, (int)gate["embeddingSize"]!);
        Assert.Equal(Found.Centroid.Sha256, (string)gate["centroidSha256"]!);
        Assert.Equal(128, (int)gate["preprocessing"]!["imageSize"]!);
        Assert.Equal(0.5, (double)gate["calibration"]!["normals"]!["mean"]!);
        Assert.Null(gate["calibration"]!["auroc"]); // there were no negatives
    }

    [Fact]
    public void ExportIsNotedWithTheHashOfItsFile()
    {
        GateFile.NoteExport(path, folder.Write("model.onnx", "a model"u8), new { Bytes = 7 });

        Assert.Equal(7, (int)Read()["exports"]!["model.onnx"]!["bytes"]!);
        Assert.Equal(Hash("a model"u8), (string)Read()["files"]!["model.onnx"]!);
        Assert.Equal(0.25, (double)Read()["threshold"]!);
    }

    [Fact]
    public void LaterExportReplacesItsOwnNoteOnly()
    {
        GateFile.NoteExport(path, folder.Write("model.onnx", "old"u8), new { Bytes = 1 });
        GateFile.NoteExport(path, folder.Write("other.onnx", "other"u8), new { Bytes = 3 });

        GateFile.NoteExport(path, folder.Write("model.onnx", "new"u8), new { Bytes = 2 });

        Assert.Equal((2, 3), ((int)Read()["exports"]!["model.onnx"]!["bytes"]!, (int)Read()["exports"]!["other.onnx"]!["bytes"]!));
        Assert.Equal(2, Read()["files"]!.AsObject().Count);
        Assert.Equal(Hash("new"u8), (string)Read()["files"]!["model.onnx"]!);
    }

    [Fact]
    public void EveryFileOfAPackageIsNoted()
    {
        folder.Write("model.mlpackage/Manifest.json", "{}"u8);
        GateFile.NoteExport(path, Path.Combine(folder.Root, "model.mlpackage"), new { Bytes = 2 });
        File.Delete(Path.Combine(folder.Root, "model.mlpackage", "Manifest.json"));
        folder.Write("model.mlpackage/Data/weight.bin", "w"u8);

        GateFile.NoteExport(path, Path.Combine(folder.Root, "model.mlpackage"), new { Bytes = 1 });

        var (name, hash) = Assert.Single(Read()["files"]!.AsObject());
        Assert.Equal(("model.mlpackage/Data/weight.bin", Hash("w"u8)), (name, (string)hash!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{\"files\":")]
    public void DamagedFileIsRefusedAndStands(string content)
    {
        File.WriteAllText(path, content);

        var error = Assert.Throws<TrainerException>(() => GateFile.NoteExport(path, "model.onnx", 1));

        Assert.StartsWith($"Can't update '{path}'", error.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(path));
    }

    [Fact]
    public void MissingFileIsRefused()
    {
        File.Delete(path);

        Assert.Throws<TrainerException>(() => GateFile.NoteExport(path, "model.onnx", 1));
    }

    private JsonObject Read() => JsonNode.Parse(File.ReadAllText(path))!.AsObject(); // null fails the test here

    private static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private sealed record Bounds(double Low, double High);
}
