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

/// <summary>The written file, read by the field numbers of the public onnx.proto, and run.</summary>
public sealed class OnnxGateModelTests
{
    private const double Tolerance = 1e-4;
    private static readonly Threshold Accepted = new(0.123456789f, 0.95, 10);
    private static readonly Centroid Subject = RandomGate.Centroid();
    private static readonly Lazy<byte[]> Written = new(Write);

    private static ProtobufReader Model => new(Written.Value);

    private static ProtobufReader Graph => Model.Message(7);

    [Fact]
    public void OperationsAreThoseOfTheArticlesFileAndTheSimilarity()
    {
        var counts = Graph.Messages(1).Select(node => node.Text(4)).CountBy(operation => operation).OrderBy(count => count.Key, StringComparer.Ordinal);

        Assert.Equal(
            [
                ("Add", 10), ("AveragePool", 1), ("Clip", 35), ("Conv", 52), ("Div", 1), ("Flatten", 1), ("Gemm", 1), ("MatMul", 1), ("Max", 1),
                ("ReduceL2", 1), ("Squeeze", 1),
            ],
            counts.Select(count => (count.Key, count.Value)));
    }

    [Fact]
    public void VersionsAreOldEnoughForPhones()
    {
        var opset = Model.Message(8);

        Assert.Equal(7, Model.Number(1));
        Assert.Equal(("", 13L), (opset.Text(1), opset.Number(2)));
        Assert.Equal(("trainer", "1.2.3"), (Model.Text(2), Model.Text(3)));
    }

    [Fact]
    public void BatchMayBeOfAnyLength()
    {
        Assert.Equal(["image float [batch, 3, 128, 128]"], Graph.Messages(11).Select(Described));
        Assert.Equal(["embedding float [batch, 512]", "similarity float [batch]"], Graph.Messages(12).Select(Described));
    }

    [Fact]
    public void MetadataSaysWhatAnAppNeeds()
    {
        var metadata = Model.Messages(14).ToDictionary(entry => entry.Text(1), entry => entry.Text(2));

        Assert.Equal(Accepted.Cosine, float.Parse(metadata["threshold"], CultureInfo.InvariantCulture));
        Assert.Equal(Subject.Sha256, metadata["centroid_sha256"]);
        Assert.Equal(Preprocessing.Description, metadata["preprocessing"]);
        Assert.Equal(["centroid_sha256", "decision", "preprocessing", "preprocessing_version", "promised_accept_rate", "threshold"], metadata.Keys.Order());
    }

    [Fact]
    public void ValuesComeBeforeTheirUseAndEveryNameOnce()
    {
        var known = Graph.Messages(5).Select(constant => constant.Text(8)).Concat(Graph.Messages(11).Select(input => input.Text(1))).ToHashSet();

        Assert.All(Graph.Messages(1), node =>
        {
            Assert.Subset(known, node.Texts(1).ToHashSet());
            Assert.True(known.Add(Assert.Single(node.Texts(2))), node.Text(3));
        });
        Assert.Subset(known, Graph.Messages(12).Select(output => output.Text(1)).ToHashSet());
    }

    [Fact]
    public void CentroidStandsInTheGraph()
    {
        var centroid = Graph.Messages(5).Single(constant => constant.Text(8) == "centroid");

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
        using var network = RandomGate.Network();
        var expected = new EmbeddingSet(network.forward(RandomGate.ImagesTensor(count)).data<float>().ToArray(), 512);

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

    private static byte[] Write()
    {
        using var network = RandomGate.Network();
        return OnnxGateModel.Write(FoldedNetwork.Of(network), Subject, Accepted, "1.2.3");
    }

    private static (float[] Embeddings, float[] Similarities) Run(int count)
    {
        using var session = new InferenceSession(Written.Value);
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(RandomGate.Images(count), [count, 3, 128, 128]);
        using var outputs = session.Run(options, ["image"], [input], ["embedding", "similarity"]);
        return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs[1].GetTensorDataAsSpan<float>().ToArray());
    }

    /// <summary>ValueInfoProto: name, type; the tensor's element type (1 is float) and shape, a dimension a number or a name.</summary>
    private static string Described(ProtobufReader value)
    {
        var tensor = value.Message(2).Message(1);
        var shape = tensor.Message(2).Messages(1).Select(dimension => dimension.Text(2) is { Length: > 0 } name ? name : $"{dimension.Number(1)}");
        return $"{value.Text(1)} {(tensor.Number(1) == 1 ? "float" : "other")} [{string.Join(", ", shape)}]";
    }
}
