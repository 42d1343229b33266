using Trainer.Core.Batching;
using Trainer.Core.Export;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Fitting;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Tests.Imaging;
using Xunit;
using static TorchSharp.torch;
using Threshold = Trainer.Core.Gates.Threshold;

namespace Trainer.Core.Tests.Export;

/// <summary>Tests features of several depths as graph nodes, run by ONNX Runtime.</summary>
public sealed class FeatureNodesTests : IDisposable
{
    private const double Float32 = 1e-4;
    private const double Halves = 5e-3; // of weights

    private readonly EmbeddingNetwork network = RandomGate.Network(FeatureKind.Depths);
    private readonly Centroid centroid = RandomGate.Centroid();

    public void Dispose() => network.Dispose();

    [Theory]
    [InlineData(Precision.Fp32, Float32)]
    [InlineData(Precision.Fp16, Halves)]
    public void FileGivesTheCosinesOfTheNetworkForAnyNumberOfPictures(Precision precision, double tolerance)
    {
        using var gate = Gate(precision);
        var batch = Pictures(3);

        var expected = centroid.Cosines(new Embedder(network, CPU).Embed(batch));

        Assert.Equal(expected, gate.Cosines(batch), Close(tolerance));
        Assert.Equal(expected[..1], gate.Cosines(Pictures(1)), Close(tolerance));
    }

    /// <summary>
    /// The channel means of a plain picture are far larger than the deviations, so squaring the values themselves would lose the
    /// deviations.
    /// </summary>
    [Fact]
    public void PlainPicturesLoseNothing()
    {
        using var gate = Gate(Precision.Fp32);
        var plain = new Batch([.. Enumerable.Repeat((byte)200, 128 * 128 * 3)], [default]);

        Assert.Equal(centroid.Cosines(new Embedder(network, CPU).Embed(plain)), gate.Cosines(plain), Close(Float32));
    }

    private OnnxGate Gate(Precision precision) => OnnxGate.Load(
        OnnxGateModel.Write(
            new FloatNetwork(FoldedNetwork.Of(network), precision), centroid, new Threshold(0, 0.95, 10), "1", GateInput.Picture,
        Preprocessing.Default), threads: 1, "test");

    private static Batch Pictures(int count) => new(
        [.. Enumerable.Range(0, count).SelectMany(seed => Preprocessing.Default.ToInput(Drawn.Soft(160, 130, seed)))],
        new Core.Catalog.LabelledImage[count]);

    private static Func<float, float, bool> Close(double tolerance) => (a, b) => Math.Abs(a - b) <= tolerance;
}
