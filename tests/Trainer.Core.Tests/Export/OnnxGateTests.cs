using Google.Protobuf;
using Trainer.Core.Batching;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Tests.Imaging;
using Xunit;

namespace Trainer.Core.Tests.Export;

public sealed class OnnxGateTests : IDisposable
{
    private static readonly Lazy<byte[]> Written = new(() => Write(GateInput.Picture));

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ThresholdComesFromTheFile()
    {
        using var gate = OnnxGate.Open(folder.Write("model.onnx", Written.Value), threads: 1);

        Assert.Equal(0.123456789f, gate.Threshold);
    }

    [Fact]
    public void PictureOfAnySizeIsJudgedAsItsPreprocessedPixels()
    {
        using var gate = OnnxGate.Load(Written.Value, threads: 1, "model");
        using var plain = OnnxGate.Load(Write(GateInput.Tensor), threads: 1, "model");
        var picture = Drawn.Soft(300, 200);

        var judged = gate.Judge(picture);

        Assert.Equal(plain.Judge(picture).Similarity, judged.Similarity, 1e-4);
        var batch = new Batch(Preprocessing.Default.ToInput(picture), [default]);
        Assert.Equal(judged.Similarity, Assert.Single(gate.Cosines(batch)), 1e-4);
        Assert.Equal(judged.Similarity, Assert.Single(plain.Cosines(batch)), 1e-4);
        Assert.Equal(judged.Similarity >= gate.Threshold, judged.Accepted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no model")]
    [InlineData("{\"format\": \"onnx\"}")]
    public void GarbageIsRefused(string content)
    {
        var path = folder.Write("model.onnx", System.Text.Encoding.UTF8.GetBytes(content));

        Assert.StartsWith($"'{path}' is no ONNX model", Refusal(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    [InlineData(5_000_000)]
    public void TruncatedFileIsRefused(int length)
    {
        var path = folder.Write("model.onnx", Written.Value.AsSpan(0, length));

        Assert.Contains(path, Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFileIsRefused()
    {
        var path = folder.PathOf("nothing.onnx");

        Assert.StartsWith($"Can't read the model '{path}'", Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void OtherModelIsRefused()
    {
        var graph = new OnnxGraph("other");
        graph.Proto.Input.Add(OnnxGraph.Value(TensorProto.Types.DataType.Float, "x", "", "batch", "3"));
        graph.Proto.Output.Add(OnnxGraph.Value(TensorProto.Types.DataType.Float, "y", "", "batch", "3"));
        graph.Add("Floor", "y", ["x"]);
        var path = Write(new ModelProto { IrVersion = 7, Graph = graph.Proto, OpsetImport = { new OperatorSetIdProto { Version = 13 } } });

        Assert.Contains("is an ONNX model, but no gate", Refusal(path), StringComparison.Ordinal);
        Assert.Contains("trainer export --onnx", Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void GateWithoutItsThresholdIsRefused()
    {
        var model = ModelProto.Parser.ParseFrom(Written.Value);
        model.MetadataProps.Clear();

        Assert.Contains("or the threshold in its metadata", Refusal(Write(model)), StringComparison.Ordinal);
    }

    [Fact]
    public void GateOfAnotherPreprocessingIsRefused()
    {
        var model = ModelProto.Parser.ParseFrom(Written.Value);
        model.MetadataProps.Single(entry => entry.Key == "preprocessing_version").Value = "99";

        Assert.Contains("expects preprocessing 99, this trainer does 1", Refusal(Write(model)), StringComparison.Ordinal);
    }

    private static byte[] Write(GateInput input)
    {
        using var network = RandomGate.Network();
        return OnnxGateModel.Write(
            new FloatNetwork(FoldedNetwork.Of(network)), RandomGate.Centroid(), new Threshold(0.123456789f, 0.95, 10), "1.2.3", input,
            Preprocessing.Default);
    }

    private string Write(ModelProto model) => folder.Write("model.onnx", model.ToByteArray());

    private static string Refusal(string path) => Assert.Throws<TrainerException>(() => OnnxGate.Open(path, threads: 1)).Message;
}
