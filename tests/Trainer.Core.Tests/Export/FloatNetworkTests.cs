using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Export.Rounding;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Tests.Imaging;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Export;

/// <summary>Tests weights that are stored as bytes and used as floats, as in browsers.</summary>
public sealed class FloatNetworkTests
{
    private const int Pictures = 8;

    private static readonly Centroid Subject = RandomGate.Centroid();
    private static readonly Lazy<(byte[] Float, byte[] Bytes)> Written = new(Write);

    private static ProtobufReader Graph => new ProtobufReader(Written.Value.Bytes).Message(7);

    [Fact]
    public void BytesAreWidenedOnceAndNotForEachPicture()
    {
        var operations = Graph.Messages(1).Select(node => node.Text(4)).ToArray();

        Assert.DoesNotContain("DequantizeLinear", operations); // ONNX Runtime doesn't fold it
        Assert.DoesNotContain("QuantizeLinear", operations);
        Assert.Equal(52, operations.Count(operation => operation == "Conv"));
    }

    [Fact]
    public void PointwiseAndLinearWeightsAreBytesWithAScaleForEachOutput()
    {
        var constants = Graph.Messages(5).ToDictionary(constant => constant.Text(8));
        var weights = constants.Where(constant => constant.Key.EndsWith(".weight.bytes", StringComparison.Ordinal)).ToArray();

        Assert.Equal(35, weights.Length);
        Assert.All(weights, weight =>
        {
            var outputs = weight.Value.Numbers(1)[0];
            Assert.Equal(3, weight.Value.Number(2)); // INT8
            Assert.Equal([outputs, .. weight.Value.Numbers(1).Skip(1).Select(_ => 1L)],
                constants[weight.Key.Replace(".bytes", ".scales", StringComparison.Ordinal)].Numbers(1));
        });
        Assert.Equal(18, constants.Keys.Count(name => name.EndsWith(".weight.half", StringComparison.Ordinal)));
    }

    [Fact]
    public void CosinesStayCloseToTheFloats()
    {
        using var exact = OnnxGate.Load(Written.Value.Float, threads: 1, "float");
        using var rounded = OnnxGate.Load(Written.Value.Bytes, threads: 1, "int8");

        var pictures = Enumerable.Range(20, 4).Select(seed => Drawn.Soft(160, 130, seed)).ToArray();

        Assert.All(pictures, picture => Assert.Equal(exact.Judge(picture).Similarity, rounded.Judge(picture).Similarity, 0.01));
        Assert.True(Written.Value.Bytes.Length * 3 < Written.Value.Float.Length);
    }

    private static (byte[] Float, byte[] Bytes) Write()
    {
        using var network = RandomGate.Network();
        var folded = FoldedNetwork.Of(network);
        byte[] pixels = [.. Enumerable.Range(0, Pictures).SelectMany(seed => Preprocessing.Default.ToInput(Drawn.Soft(160, 130, seed)))];
        using var pictures = new Batch(pixels, new LabelledImage[Pictures]).ImagesOn(CPU);
        var (rounded, eightBit) = WeightRounding.ToBytes(folded, pictures);
        return (Model(new FloatNetwork(folded)), Model(FloatNetwork.OfBytes(rounded, eightBit)));
    }

    private static byte[] Model(IOnnxNetwork network) =>
        OnnxGateModel.Write(network, Subject, new Threshold(0, 0.95, 10), "1", GateInput.Picture, Preprocessing.Default);
}
