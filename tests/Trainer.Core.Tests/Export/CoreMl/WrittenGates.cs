using Trainer.Core.Batching;
using Trainer.Core.Export;
using Trainer.Core.Export.CoreMl;
using Trainer.Core.Export.CoreMl.Reading;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using static TorchSharp.torch;
using Threshold = Trainer.Core.Gates.Threshold;

namespace Trainer.Core.Tests.Export.CoreMl;

/// <summary>One gate of random numbers, written once in each form that the tests look at.</summary>
internal static class WrittenGates
{
    public static readonly Threshold Accepted = new(0.00456789012f, 0.95, 10);
    public static readonly Centroid Subject = RandomGate.Centroid();
    private static readonly Lazy<FoldedNetwork> LivelyNetwork = new(Lively);
    private static readonly Lazy<IReadOnlyList<EmbeddingSet>> Expected = new(() => [.. Pictures(3).Select(picture => Embedding(Network, picture))]);
    private static readonly Dictionary<Precision, Lazy<CoreMlSource>> Sources = Lazily(precision => Source(Network, precision));
    private static readonly Dictionary<Precision, Lazy<ModelPackage>> Packages = Lazily(precision => MlProgramModel.Write(Sources[precision].Value));
    private static readonly Dictionary<Precision, Lazy<byte[]>> Models = Lazily(precision => NeuralNetworkModel.Write(Sources[precision].Value));

    public static CoreMlSource Source(FoldedNetwork network, Precision precision) =>
        CoreMlSource.Of(network, Subject, Accepted, precision, "1.2.3", () => cat([.. Pictures(6).Select(Normalised)], 0));

    /// <summary>Of the first pictures, one each, as the network itself gives them.</summary>
    public static IReadOnlyList<EmbeddingSet> Embeddings => Expected.Value;

    /// <summary>What they are all made from.</summary>
    public static FoldedNetwork Network => LivelyNetwork.Value;

    public static ModelPackage Package(Precision precision) => Packages[precision].Value;

    public static byte[] LegacyModel(Precision precision) => Models[precision].Value;

    public static CoreMlGate Open(bool isLegacy, Precision precision) =>
        isLegacy ? CoreMlGate.Load(LegacyModel(precision), "gate.mlmodel") : CoreMlGate.Load(Package(precision).Files, "gate.mlpackage");

    /// <summary>Pictures of chance, each with a colour of its own, 128x128.</summary>
    public static RgbImage[] Pictures(int count)
    {
        var random = new CounterRandom(4);
        var pictures = new RgbImage[count];
        for (var n = 0; n < count; n++)
        {
            var pixels = new byte[128 * 128 * 3];
            for (var i = 0; i < pixels.Length; i++)
            {
                pixels[i] = (byte)(64 + (128 * ((n >> (i % 3)) & 1)) + random.Next(60) - 30);
            }

            pictures[n] = new RgbImage(128, 128, pixels);
        }

        return pictures;
    }

    /// <summary>What the network itself makes of a picture.</summary>
    public static EmbeddingSet Embedding(FoldedNetwork network, RgbImage picture)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return new EmbeddingSet(FoldedNetworkTests.Forward(network, Normalised(picture)).to(ScalarType.Float32).data<float>().ToArray(), 512);
    }

    /// <summary>Weights of chance whose every layer varies with the pictures; plain chance fades with depth, and any two pictures look the same.</summary>
    private static FoldedNetwork Lively()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var random = RandomGate.Network();
        var network = FoldedNetwork.Of(random);
        var current = cat([.. Pictures(6).Select(Normalised)], 0).to(ScalarType.Float64);
        var blocks = new List<FoldedBlock>();
        foreach (var block in network.Blocks)
        {
            var output = current;
            var convolutions = new List<FoldedConvolution>();
            foreach (var convolution in block.Convolutions)
            {
                var raw = FoldedNetworkTests.Run(convolution with { HasRelu6 = false }, output); // [N, C, H, W]
                var (mean, deviation) = (Numbers(raw.mean([0, 2, 3])), Numbers(raw.std([0, 2, 3])));
                var length = convolution.Weights.Length / mean.Length;
                convolutions.Add(convolution with
                {
                    Weights = [.. convolution.Weights.Select((weight, i) => weight / (deviation[i / length] + 1e-3f))],
                    Bias = [.. convolution.Bias.Select((bias, i) => (bias - mean[i]) / (deviation[i] + 1e-3f))],
                });
                output = FoldedNetworkTests.Run(convolutions[^1], output);
            }

            blocks.Add(block with { Convolutions = convolutions });
            current = block.HasShortcut ? current + output : output;
        }

        return network with { Blocks = blocks };
    }

    private static float[] Numbers(Tensor values) => values.to(ScalarType.Float32).data<float>().ToArray();

    private static Tensor Normalised(RgbImage picture) =>
        new Batch(picture.Pixels, [default]).ImagesOn(CPU);

    private static Dictionary<Precision, Lazy<T>> Lazily<T>(Func<Precision, T> make) =>
        Enum.GetValues<Precision>().ToDictionary(precision => precision, precision => new Lazy<T>(() => make(precision)));
}
