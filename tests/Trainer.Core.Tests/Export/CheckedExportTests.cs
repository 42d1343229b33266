using System.Text.Json.Nodes;
using Trainer.Core.Catalog;
using Trainer.Core.Export;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Export.Proof;
using Trainer.Core.Runs;
using Trainer.Core.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Export;

public sealed class CheckedExportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly RunFolder run;

    public CheckedExportTests()
    {
        run = RunFolder.Create(folder.PathOf("run"));
        File.WriteAllText(run.Gate, "{}");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(GateInput.Picture, Precision.Fp32)]
    [InlineData(GateInput.Tensor, Precision.Fp32)]
    [InlineData(GateInput.Picture, Precision.Fp16)]
    public void ExportedGateDecidesAsTheTrainedOne(GateInput input, Precision precision)
    {
        using var trained = Gate();

        var (candidate, parity, refused) = Export(trained, input, precision: precision);

        Assert.Empty(refused);
        Assert.True(parity.Holds);
        Assert.Equal((5, new FileInfo(run.Onnx).Length, candidate.Bytes), (parity.Pictures, parity.Bytes, parity.Bytes));
        Assert.Equal(parity.Bytes, (long)JsonNode.Parse(File.ReadAllText(run.Gate))!["exports"]!["model.onnx"]!["bytes"]!);
    }

    [Fact]
    public void GateThatDeviatesLeavesNoFileAndNoNote()
    {
        using var trained = Gate(centroidValue: float.NaN);

        var (_, parity, refused) = Export(trained, GateInput.Picture, allowedDrift: double.MaxValue);

        Assert.Equal([parity], refused);
        Assert.Equal([run.Gate], Directory.GetFiles(run.Path));
        Assert.Equal("{}", File.ReadAllText(run.Gate));
    }

    [Fact]
    public void FileThatWasThereStandsWhenTheProofFails()
    {
        File.WriteAllText(run.Onnx, "the one before");
        using var trained = Gate(centroidValue: float.NaN);

        Export(trained, GateInput.Picture);

        Assert.Equal("the one before", File.ReadAllText(run.Onnx));
    }

    [Fact]
    public void AllowedDriftOverrulesUpToItsValue()
    {
        using var trained = Gate();
        var candidate = OnnxCandidate.Make(trained, run.Onnx, GateInput.Picture, Precision.Fp32);
        var strayed = new ParityResult("onnx", 1, 1, 100, 0.2, 0.1, 30, 1, 0.9, 50, 0.95, 0.65, 15);

        Assert.Equal([strayed], CheckedExport.Write(run, [candidate], [strayed], allowedDrift: 0.19));
        Assert.False(File.Exists(run.Onnx));
        Assert.Empty(CheckedExport.Write(run, [candidate], [strayed], allowedDrift: 0.2));
        Assert.True(File.Exists(run.Onnx));
    }

    [Fact]
    public void MissingFolderIsTheUsersError()
    {
        using var trained = Gate();
        var nowhere = Path.Combine(folder.Root, "gone", "model.onnx");

        var error = Assert.Throws<TrainerException>(() => OnnxCandidate.Make(trained, nowhere, GateInput.Picture, Precision.Fp32).Write());

        Assert.StartsWith($"Can't write '{nowhere}'", error.Message, StringComparison.Ordinal);
    }

    private (ExportCandidate Candidate, ParityResult Parity, IReadOnlyList<ParityResult> Refused) Export(
        TrainedGate trained, GateInput input, double allowedDrift = double.NaN, Precision precision = Precision.Fp32)
    {
        var candidate = OnnxCandidate.Make(trained, run.Onnx, input, precision);
        var check = new ParityCheck(workers: 2) { TimedRuns = 0 };
        var parity = check.Compare(trained, [candidate], Pictures(), cancel: TestContext.Current.CancellationToken);
        return (candidate, parity[0], CheckedExport.Write(run, [candidate], parity, allowedDrift));
    }

    private LabelledImage[] Pictures() =>
        [.. ImageFolder.Scan(DrawnPictures.Normals(folder, "pictures", 5)).Images.Select(image => new LabelledImage(image, Labels.Normal))];

    /// <param name="centroidValue">Value of the centroid's first element.</param>
    private TrainedGate Gate(float? centroidValue = null)
    {
        var centroid = RandomGate.Centroid();
        centroid.Values[0] = centroidValue ?? centroid.Values[0];
        return TrainedGate.Load(RandomGate.Save(folder.PathOf("best.ckpt"), centroid, threshold: -1), CPU);
    }
}
