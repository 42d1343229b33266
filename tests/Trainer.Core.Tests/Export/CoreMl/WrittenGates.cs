using Trainer.Core.Batching;
using Trainer.Core.Export;
using Trainer.Core.Export.CoreMl;
using Trainer.Core.Export.Proof.CoreMl;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Randomness;
using static TorchSharp.torch;
using Threshold = Trainer.Core.Gates.Threshold;

namespace Trainer.Core.Tests.Export.CoreMl;

/// <summary>One gate with random weights for each kind of features, written once in each format that the tests need.</summary>
internal static class WrittenGates
{
    public static readonly Threshold Accepted = new(0.00456789012f, 0.95, 10);
    public static readonly Centroid Subject = RandomGate.Centroid();
    private static readonly Threshold AcceptedByDistance = new(0.70710677f, 0.95, 10);
    private static readonly Centroid Axis = new(ClosedFormHead.Axis(512), 10, 0.8);
    private static readonly Dictionary<FeatureKind, Lazy<FoldedNetwork>> LivelyNetworks = Enum.GetValues<FeatureKind>()
        .ToDictionary(kind => kind, kind => new Lazy<FoldedNetwork>(() => Lively(kind)));
    private static readonly Dictionary<FeatureKind, Lazy<IReadOnlyList<EmbeddingSet>>> Expected = Enum.GetValues<FeatureKind>()
        .ToDictionary(
        kind => kind, kind =>
        new Lazy<IReadOnlyList<EmbeddingSet>>(() => [.. Pictures(3).Select(picture => Embedding(NetworkOf(kind), picture))]));
    private static readonly Dictionary<(FeatureKind, Precision), Lazy<CoreMlSource>> Sources =
        Lazily((kind, precision) => Source(NetworkOf(kind), precision));
    private static readonly Dictionary<(FeatureKind, Precision), Lazy<ModelPackage>> Packages =
        Lazily((kind, precision) => MlProgramModel.Write(Sources[(kind, precision)].Value));
    private static readonly Dictionary<(FeatureKind, Precision), Lazy<byte[]>> Models =
        Lazily((kind, precision) => NeuralNetworkModel.Write(Sources[(kind, precision)].Value));

    /// <summary>The network of the pooled gates.</summary>
    public static FoldedNetwork Network => NetworkOf(FeatureKind.Pooled);

    public static FoldedNetwork NetworkOf(FeatureKind kind) => LivelyNetworks[kind].Value;

    /// <summary>The network's own embeddings of the first three pictures, one set each.</summary>
    public static IReadOnlyList<EmbeddingSet> EmbeddingsOf(FeatureKind kind) => Expected[kind].Value;

    public static Centroid SubjectOf(FeatureKind kind) => kind == FeatureKind.Pooled ? Subject : Axis;

    public static Threshold AcceptedOf(FeatureKind kind) => kind == FeatureKind.Pooled ? Accepted : AcceptedByDistance;

    public static CoreMlSource Source(FoldedNetwork network, Precision precision) =>
        CoreMlSource.Of(network, SubjectOf(network.Kind), AcceptedOf(network.Kind), precision, "1.2.3", Preprocessing.Default, () =>
            cat([.. Pictures(6).Select(Normalised)], 0));

    public static ModelPackage Package(Precision precision, FeatureKind kind = FeatureKind.Pooled) => Packages[(kind, precision)].Value;

    public static byte[] LegacyModel(Precision precision, FeatureKind kind = FeatureKind.Pooled) => Models[(kind, precision)].Value;

    public static CoreMlGate Open(bool isLegacy, Precision precision, FeatureKind kind = FeatureKind.Pooled) =>
        isLegacy ? CoreMlGate.Load(LegacyModel(precision, kind), "gate.mlmodel")
            : CoreMlGate.Load(Package(precision, kind).Files, "gate.mlpackage");

    /// <summary>Random pictures of 128x128, each with its own colour.</summary>
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

    /// <summary>The network's own embedding of a picture.</summary>
    public static EmbeddingSet Embedding(FoldedNetwork network, RgbImage picture)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return new EmbeddingSet(
            FoldedNetworkTests.Forward(network, Normalised(picture)).to(ScalarType.Float32).data<float>().ToArray(), 512);
    }

    /// <summary>
    /// Random weights with which every layer's output depends on the picture. With plain random weights the differences fade with depth,
    /// and all pictures look the same.
    /// </summary>
    private static FoldedNetwork Lively(FeatureKind kind)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var random = RandomGate.Network(kind);
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

        return kind == FeatureKind.Pooled ? network with { Blocks = blocks } : Centred(network with { Blocks = blocks });
    }

    /// <summary>
    /// A head like one in closed form: distances from a point, to which the first pictures are nearer, and a constant, which is their
    /// median.
    /// </summary>
    private static FoldedNetwork Centred(FoldedNetwork network)
    {
        // [6, 1888]
        var features = cat([.. Pictures(6).Select(picture => FoldedNetworkTests.Features(network, Normalised(picture)))], 0)
            .to(ScalarType.Float32);
        var weights = tensor(network.HeadWeights).reshape(512, -1);
        weights[0].zero_();
        var bias = weights.mv(features.t().mv(tensor([0.5f, 0.25f, 0.1f, 0.05f, 0.05f, 0.05f]))).negative();
        bias[0] = nn.functional.linear(features, weights, bias).norm(1).median();
        return network with { HeadWeights = weights.data<float>().ToArray(), HeadBias = bias.data<float>().ToArray() };
    }

    private static float[] Numbers(Tensor values) => values.to(ScalarType.Float32).data<float>().ToArray();

    private static Tensor Normalised(RgbImage picture) =>
        new Batch(picture.Pixels, [default]).ImagesOn(CPU);

    private static Dictionary<(FeatureKind, Precision), Lazy<T>> Lazily<T>(Func<FeatureKind, Precision, T> make) =>
        Enum.GetValues<FeatureKind>()
        .SelectMany(kind => Enum.GetValues<Precision>(), (kind, precision) => (kind, precision))
        .ToDictionary(form => form, form => new Lazy<T>(() => make(form.kind, form.precision)));
}
