using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Export;

/// <summary>Reads the written file by the field numbers of the public onnx.proto, and runs it.</summary>
public sealed class OnnxGateModelTests
{
    private const double Tolerance = 1e-4;
    private static readonly Threshold Accepted = new(0.123456789f, 0.95, 10);
    private static readonly Centroid Subject = RandomGate.Centroid();
    private static readonly Lazy<byte[]> Picture = new(() => Write(GateInput.Picture));
    private static readonly Lazy<byte[]> Plain = new(() => Write(GateInput.Tensor));

    [Fact]
    public void OperationsAreTheNetworksTheDecisionsAndThePreprocessings()
    {
        (string, int)[] network = [("Add", 10), ("AveragePool", 1), ("Clip", 35), ("Conv", 52), ("Flatten", 1), ("Gemm", 1)];
        (string, int)[] decision = [("Div", 1), ("GreaterOrEqual", 1), ("MatMul", 1), ("Max", 1), ("ReduceL2", 1), ("Squeeze", 1)];
        (string, int)[] preprocessing =
        [
            ("Add", 2), ("Cast", 1), ("Concat", 1), ("Div", 2), ("Floor", 1), ("ReduceMin", 1), ("Resize", 1), ("Shape", 2), ("Slice", 1),
            ("Sub", 2), ("Transpose", 1),
        ];

        Assert.Equal(Counted([.. network, .. decision]), Operations(GateInput.Tensor));
        Assert.Equal(Counted([.. network, .. decision, .. preprocessing]), Operations(GateInput.Picture));
    }

    [Fact]
    public void VersionsAreTheOldestThatCanAntialias()
    {
        var opset = Model().Message(8);

        Assert.Equal(8, Model().Number(1));
        Assert.Equal(("", 18L), (opset.Text(1), opset.Number(2)));
        Assert.Equal(("trainer", "1.2.3"), (Model().Text(2), Model().Text(3)));
    }

    [Theory]
    [InlineData(GateInput.Picture, "image uint8 [batch, height, width, 3]")]
    [InlineData(GateInput.Tensor, "image float [batch, 3, 128, 128]")]
    public void BatchMayBeOfAnyLength(GateInput input, string expected)
    {
        Assert.Equal([expected], Graph(input).Messages(11).Select(Described));
        Assert.Equal(
            ["embedding float [batch, 512]", "similarity float [batch]", "accepted bool [batch]"],
            Graph(input).Messages(12).Select(Described));
    }

    [Fact]
    public void MetadataSaysWhatAnAppNeeds()
    {
        var metadata = Model().Messages(14).ToDictionary(entry => entry.Text(1), entry => entry.Text(2));

        Assert.Equal(Accepted.Cosine, float.Parse(metadata["threshold"], CultureInfo.InvariantCulture));
        Assert.Equal(Subject.Sha256, metadata["centroid_sha256"]);
        Assert.Equal(Preprocessing.Default.Description, metadata["preprocessing"]);
        Assert.Equal("128", metadata["image_size"]);
        Assert.Equal(["centroid_sha256", "decision", "image_size", "precision", "preprocessing", "preprocessing_version",
            "promised_accept_rate", "threshold"], metadata.Keys.Order());
    }

    [Theory]
    [InlineData(GateInput.Picture)]
    [InlineData(GateInput.Tensor)]
    public void ValuesComeBeforeTheirUseAndEveryNameOnce(GateInput input)
    {
        var graph = Graph(input);
        string[] given = [.. graph.Messages(5).Select(constant => constant.Text(8)), .. graph.Messages(11).Select(value => value.Text(1))];
        var known = given.ToHashSet();

        Assert.Equal(given.Length, known.Count);
        Assert.All(graph.Messages(1), node =>
        {
            Assert.Subset(known, node.Texts(1).Where(name => name.Length > 0).ToHashSet());
            Assert.True(known.Add(Assert.Single(node.Texts(2))), node.Text(3));
        });
        Assert.Subset(known, graph.Messages(12).Select(output => output.Text(1)).ToHashSet());
    }

    [Fact]
    public void CentroidStandsInTheGraph()
    {
        var centroid = Graph(GateInput.Picture).Messages(5).Single(constant => constant.Text(8) == "centroid");

        Assert.Equal([512, 1], centroid.Numbers(1));
        Assert.Equal(Subject.Values, MemoryMarshal.Cast<byte, float>(centroid.Bytes(9).Span).ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void RuntimeGivesTheNetworksEmbeddingsAndTheirCosines(int count)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var network = RandomGate.NetworkInDoubles();
        var expected = new EmbeddingSet(
            network.forward(RandomGate.ImagesTensor(count).to(ScalarType.Float64)).to(ScalarType.Float32).data<float>().ToArray(), 512);

        var (embeddings, similarities) = Run(count);

        Assert.Equal(count * 512, embeddings.Length);
        for (var i = 0; i < count; i++)
        {
            var embedding = embeddings.AsSpan(i * 512, 512).ToArray();
            Assert.Equal(1, Math.Sqrt(embedding.Sum(v => (double)v * v)), Tolerance);
            Assert.All(embedding.Zip(expected[i].ToArray()), pair => Assert.Equal(pair.Second, pair.First, Tolerance));
        }

        Assert.Equal(count, similarities.Length);
        Assert.All(similarities.Zip(Subject.Cosines(expected)), pair => Assert.Equal(pair.Second, pair.First, Tolerance));
    }

    [Fact]
    public void PictureIsAcceptedFromTheThresholdOn()
    {
        var similarities = Run(4).Similarities;
        var best = similarities.Max();

        using var session = new InferenceSession(Write(GateInput.Tensor, best));
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(RandomGate.Images(4), [4, 3, 128, 128]);
        using var outputs = session.Run(options, ["image"], [input], ["accepted"]);

        Assert.Equal(similarities.Select(cosine => cosine >= best), outputs[0].GetTensorDataAsSpan<bool>().ToArray());
        Assert.Contains(similarities, cosine => cosine < best);
    }

    private static ProtobufReader Model(GateInput input = GateInput.Picture) =>
        new(input == GateInput.Picture ? Picture.Value : Plain.Value);

    private static ProtobufReader Graph(GateInput input) => Model(input).Message(7);

    private static SortedDictionary<string, int> Operations(GateInput input) =>
        Counted(Graph(input).Messages(1).Select(node => (node.Text(4), 1)));

    private static SortedDictionary<string, int> Counted(IEnumerable<(string Operation, int Count)> operations) =>
        new(operations.GroupBy(o => o.Operation, o => o.Count).ToDictionary(group => group.Key, group => group.Sum()),
            StringComparer.Ordinal);

    private static byte[] Write(GateInput input, float? threshold = null)
    {
        using var network = RandomGate.Network();
        return OnnxGateModel.Write(
            new FloatNetwork(FoldedNetwork.Of(network)), Subject, Accepted with { Cosine = threshold ?? Accepted.Cosine }, "1.2.3", input,
            Preprocessing.Default);
    }

    private static (float[] Embeddings, float[] Similarities) Run(int count)
    {
        using var session = new InferenceSession(Plain.Value);
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(RandomGate.Images(count), [count, 3, 128, 128]);
        using var outputs = session.Run(options, ["image"], [input], ["embedding", "similarity"]);
        return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs[1].GetTensorDataAsSpan<float>().ToArray());
    }

    /// <summary>
    /// Describes a ValueInfoProto: its name, and its type with element type and shape, in which a dimension is a number or a name.
    /// </summary>
    private static string Described(ProtobufReader value)
    {
        var tensor = value.Message(2).Message(1);
        var shape = tensor.Message(2).Messages(1)
            .Select(dimension => dimension.Text(2) is { Length: > 0 } name ? name : $"{dimension.Number(1)}");
        var type = tensor.Number(1) switch
        {
            1 => "float",
            2 => "uint8",
            9 => "bool",
            var other => $"{other}",
        };
        return $"{value.Text(1)} {type} [{string.Join(", ", shape)}]";
    }
}
