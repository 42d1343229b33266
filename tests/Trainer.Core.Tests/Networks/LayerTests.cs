using Trainer.Core.Kernels;
using Trainer.Core.Networks;
using Trainer.Core.Networks.Passes;
using Trainer.Core.Randomness;
using Trainer.Core.Runs.Options;
using Trainer.Core.Tests.Export;
using Trainer.Core.Tests.Weights;
using Trainer.Core.Training.Planning;
using Trainer.Core.Weights;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Networks;

/// <summary>
/// Compares every layer of a network that was loaded from a file in PyTorch's old format with plain loops over the file's numbers.
/// </summary>
/// <remarks>The loops use ImageNet's normalisation like torchvision; the network has it in its first convolution.</remarks>
public sealed class LayerTests : IDisposable
{
    private const double Tolerance = 1e-5; // relative to a layer's largest value; four times the error of float32 over 52 layers
    private static readonly double[] Means = [0.485, 0.456, 0.406];
    private static readonly double[] Deviations = [0.229, 0.224, 0.225];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void LayersOfTorchvisionsWeightsAreThoseOfPlainLoops() => AssertLayers(SharedFiles.TorchvisionWeights(), edge: 128);

    [Fact]
    public void LayersOfRandomWeightsAreThoseOfPlainLoops()
    {
        using var network = RandomGate.Network();

        AssertLayers(folder.Write("random.pth", OldPth.Of([.. StateDict.Save(network)])), edge: 64);
    }

    private static void AssertLayers(string path, int edge)
    {
        using var network = new EmbeddingNetwork();
        StartWeights.Find(path, WeightsInput.Imagenet, _ => { }).Load(network, _ => { });
        network.eval();
        var random = new CounterRandom(5);
        double[] pixels = [.. Enumerable.Range(0, 3 * edge * edge).Select(_ => random.Next(0, 1))]; // [3, E, E], 0 to 1

        var ours = Ours(network, [.. pixels.Select(p => (float)((2 * p) - 1))], edge);
        var expected = new PlainMobileNet(WeightFile.Open(path)).Layers(
            [.. pixels.Select((p, i) => (p - Means[i / (edge * edge)]) / Deviations[i / (edge * edge)])],
            edge,
            [.. Means.Select((mean, c) => (0.5 - mean) / Deviations[c])]); // ours pads with 0, which is mid-grey

        Assert.Equal(52, expected.Count);
        Assert.Equal(expected.Count, ours.Count);
        for (var layer = 0; layer < ours.Count; layer++)
        {
            var largest = expected[layer].Max(Math.Abs);
            Assert.Equal(expected[layer].Length, ours[layer].Length);
            Assert.True(largest > 0.1, $"layer {layer} gives nothing");
            Assert.InRange(ours[layer].Zip(expected[layer], (a, b) => Math.Abs(a - b)).Max() / largest, 0, Tolerance);
        }
    }

    /// <summary>The result of each layer, [C, E, E], by the kernels that train and evaluate.</summary>
    private static unsafe List<float[]> Ours(EmbeddingNetwork network, float[] pixels, int edge)
    {
        using var scope = NewDisposeScope();
        var reader = new PoolReader();
        using var layout = new ChainLayout(network.Features, reader);
        using var statistics = new MapStatistics(layout, reader);
        var chain = new FastChain(layout, statistics);
        var images = tensor(pixels, [1, 3, edge, edge]).permute(0, 2, 3, 1).contiguous(); // [1, E, E, 3]
        foreach (var convolution in layout.Convolutions)
        {
            convolution.Load(trains: false);
        }

        using var flowing = new FlowingMaps();
        layout.Resize(edge);
        statistics.Prepare(1);
        chain.Prepare(FastConvolution.Numbers(images), pictures: 1, keeps: true, layers: 0);
        chain.Forward(ThreadTeam.Alone, 0, layout.Length, 0, 1, keeps: true, flowing);
        var results = new List<float[]>();
        foreach (var convolution in layout.Convolutions)
        {
            edge = convolution.EdgeFor(edge);
            var maps = convolution.Maps.First; // [E, E, C]
            var (places, channels) = (edge * edge, convolution.Outputs);
            results.Add([.. Enumerable.Range(0, places * channels).Select(i => maps[(i % places * channels) + (i / places)])]);
        }

        return results;
    }
}
