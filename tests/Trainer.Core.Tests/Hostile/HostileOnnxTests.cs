using Google.Protobuf;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Tests.Imaging;
using Xunit;

namespace Trainer.Core.Tests.Hostile;

/// <summary>Models that would loop, read other files or allocate all memory end with one error.</summary>
public sealed class HostileOnnxTests
{
    private const int Side = 1 << 15;

    [Fact]
    public void HonestModelIsRead() => Judge(_ => { });

    [Fact]
    public void OperatorsThatNoGateNeedsAreRefused()
    {
        Assert.Contains("it computes 'Loop'", Refusal(model => model.Graph.Node.Add(new NodeProto { OpType = "Loop" })),
            StringComparison.Ordinal);
        Assert.Contains("it computes 'Add'", Refusal(model => model.Graph.Node[0].Domain = "com.example"), StringComparison.Ordinal);
        Assert.Contains("holds a graph",
            Refusal(model => model.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "body", G = ByteString.CopyFrom(8) })),
            StringComparison.Ordinal);
        Assert.Contains("it holds functions", Refusal(model => model.Functions.Add(ByteString.CopyFrom(8))), StringComparison.Ordinal);
    }

    [Fact]
    public void NumbersInOtherFilesAreRefused() =>
        Assert.Contains("'half' lies in another file", Refusal(model => Constant(model).DataLocation = 1), StringComparison.Ordinal);

    [Theory]
    [InlineData(1L << 40)]
    [InlineData(-1L)]
    public void MoreNumbersThanBytesAreRefused(long length) =>
        Assert.Contains("'half' claims more numbers than the file has bytes", Refusal(model => Constant(model).Dims.Add(length)),
            StringComparison.Ordinal);

    /// <summary>4 GB of 256 KB, before the first picture or with it.</summary>
    [Fact]
    public void ProductsOfConstantsDontTakeAllMemory()
    {
        var refusal = Refusal(model =>
        {
            var graph = new OnnxGraph("bomb");
            graph.Add("Add", "wide", [graph.Constant("column", new float[Side], Side, 1), graph.Constant("row", new float[Side], 1, Side)]);
            graph.Add("ReduceMin", "bomb.least", ["wide"], OnnxGraph.Whole("keepdims", 0));
            model.Graph.Node.Insert(0, graph.Proto.Node[0]);
            model.Graph.Node.Insert(1, graph.Proto.Node[1]);
            model.Graph.Initializer.Add(graph.Proto.Initializer);
            model.Graph.Node[2].Input[1] = "bomb.least";
        });

        Assert.Contains("Available memory of", refusal, StringComparison.Ordinal);
    }

    private static TensorProto Constant(ModelProto model) => model.Graph.Initializer.Single(tensor => tensor.Name == "half");

    private static string Refusal(Action<ModelProto> change) => Assert.Throws<TrainerException>(() => Judge(change)).Message;

    private static void Judge(Action<ModelProto> change)
    {
        var model = ModelProto.Parser.ParseFrom(SmallGate.Write());
        change(model);
        using var gate = OnnxGate.Load(model.ToByteArray(), threads: 1, "m.onnx");
        gate.Judge(Drawn.Soft(40, 30));
    }
}
