using System.Runtime.InteropServices;
using Trainer.Core.Batching;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Export.Onnx.Int8;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Tests.Imaging;
using Xunit;

namespace Trainer.Core.Tests.Export;

/// <summary>Tests the int8 gate: the nodes that ONNX Runtime fuses, and the results.</summary>
public sealed class Int8NetworkTests
{
    private static readonly Centroid Subject = RandomGate.Centroid();
    private static readonly Lazy<(byte[] Float, byte[] Bytes)> Written = new(Write);

    private static ProtobufReader Graph => new ProtobufReader(Written.Value.Bytes).Message(7);

    [Fact]
    public void EveryConvolutionReadsAndGivesBytes()
    {
        var makers = Graph.Messages(1).ToDictionary(node => node.Texts(2)[0]);
        var readers = Graph.Messages(1).SelectMany(node => node.Texts(1).Select(input => (input, node)))
            .ToLookup(use => use.input, use => use.node);
        var convolutions = makers.Values.Where(node => node.Text(4) == "Conv").ToArray();

        Assert.Equal(52, convolutions.Length);
        Assert.All(convolutions, node =>
        {
            Assert.Equal(["DequantizeLinear", "DequantizeLinear", "DequantizeLinear"],
                node.Texts(1).Select(input => makers[input].Text(4)));
            Assert.Equal("QuantizeLinear", Assert.Single(readers[node.Texts(2)[0]]).Text(4));
        });
        Assert.Equal(10, makers.Values.Count(node => node.Text(4) == "Add" && node.Text(3).EndsWith(".sum", StringComparison.Ordinal)));
        Assert.DoesNotContain(makers.Values, node => node.Text(4) == "Clip");
    }

    [Fact]
    public void ConvolutionsAreSevenBitsWithAScaleForEachChannel()
    {
        var constants = Graph.Messages(5).ToDictionary(constant => constant.Text(8));
        var weights = constants.Where(
            constant => constant.Key.EndsWith(".weight.bytes", StringComparison.Ordinal) && constant.Key != "fc.weight.bytes").ToArray();

        Assert.Equal(52, weights.Length);
        Assert.All(weights, weight =>
        {
            var scales = constants[weight.Key.Replace(".bytes", ".scales", StringComparison.Ordinal)];
            Assert.Equal(3, weight.Value.Number(2)); // INT8
            Assert.Equal(weight.Value.Numbers(1)[0], Assert.Single(scales.Numbers(1)));
            Assert.Equal(64, MemoryMarshal.Cast<byte, sbyte>(weight.Value.Bytes(9).Span).ToArray().Max(value => Math.Abs((int)value)));
        });
    }

    [Fact]
    public void FileIsAQuarterOfTheFloats()
    {
        Assert.InRange(Written.Value.Bytes.Length, 2_900_000, 3_200_000);
        Assert.InRange(Written.Value.Float.Length, 11_000_000, 12_500_000);
    }

    [Fact]
    public void EmbeddingsStayCloseToTheFloats()
    {
        using var exact = OnnxGate.Load(Written.Value.Float, threads: 1, "float");
        using var rounded = OnnxGate.Load(Written.Value.Bytes, threads: 1, "int8");

        var pictures = Enumerable.Range(20, 4).Select(seed => Drawn.Soft(160, 130, seed)).ToArray();

        Assert.All(pictures, picture => Assert.Equal(exact.Judge(picture).Similarity, rounded.Judge(picture).Similarity, 0.05));
    }

    [Theory]
    [InlineData(0, 6, 6.0 / 255, 0)]
    [InlineData(-1, 1, 2.0 / 255, 128)]
    [InlineData(2, 6, 6.0 / 255, 0)]
    [InlineData(-5.1, -1, 5.1 / 255, 255)]
    public void RangeIsWidenedToHoldZeroExactly(double low, double high, double scale, byte zero)
    {
        var quantization = Quantization.Over(low, high);

        Assert.Equal(scale, quantization.Scale, 1e-7);
        Assert.Equal(zero, quantization.Zero);
    }

    [Fact]
    public void RangeOfNothingIsNoDivisionByZero() => Assert.True(Quantization.Over(0, 0).Scale > 0);

    /// <summary>Two groups of two channels each, one output per channel, 1x2 places.</summary>
    [Fact]
    public void MeanErrorIsTheSumOfRoundingTimesTheChannelsMean()
    {
        float[] weights = [1, 0.3f, -0.2f, 0.41f, /**/ 2, -0.9f, 0.77f, 1.1f];
        double[] means = [1, 10, 100, 1000];

        var rounded = QuantizedWeights.Of(weights, outputs: 2);
        var errors = rounded.MeanError(weights, means, groups: 2);

        double Error(int at) => (rounded.Bytes[at] * (double)rounded.Scales[at / 4]) - weights[at];
        Assert.Equal(((Error(0) + Error(1)) * 1) + ((Error(2) + Error(3)) * 10), errors[0], 1e-9);
        Assert.Equal(((Error(4) + Error(5)) * 100) + ((Error(6) + Error(7)) * 1000), errors[1], 1e-9);
        Assert.Equal(64, rounded.Bytes[0]);
        Assert.NotEqual(0, errors[0]);
    }

    private static (byte[] Float, byte[] Bytes) Write()
    {
        using var network = RandomGate.Network();
        var folded = FoldedNetwork.Of(network);
        var batches = Enumerable.Range(0, 8)
            .Select(seed => new Batch(Preprocessing.Default.ToInput(Drawn.Soft(160, 130, seed)), [default]));
        return (Model(new FloatNetwork(folded)), Model(new Int8Network(folded, batches, 128)));
    }

    private static byte[] Model(IOnnxNetwork network) =>
        OnnxGateModel.Write(network, Subject, new Threshold(0, 0.95, 10), "1", GateInput.Picture, Preprocessing.Default);
}
