using Trainer.Core.Export;
using Trainer.Core.Export.CoreMl;
using Trainer.Core.Export.Proof.CoreMl;
using Trainer.Core.Networks;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Export.CoreMl;

/// <summary>Compares the written file, read and run without the writers' code, with the network that it was made from.</summary>
public sealed class CoreMlGateTests
{
    [Theory]
    [InlineData(false, Precision.Fp32, 1e-4, 6)]
    [InlineData(false, Precision.Fp16, 5e-3, 6)]
    [InlineData(false, Precision.Int8, 2e-2, 7)]
    [InlineData(true, Precision.Fp32, 1e-4, 4)]
    [InlineData(true, Precision.Fp16, 5e-3, 4)]
    [InlineData(true, Precision.Int8, 2e-2, 4)]
    public void GivesTheNetworksEmbeddingsAndCosines(bool isLegacy, Precision precision, double bound, int specification) =>
        AssertIsTheNetworks(FeatureKind.Pooled, isLegacy, precision, bound, specification);

    [Theory]
    [InlineData(false, Precision.Fp32, 1e-5, 6)]
    [InlineData(false, Precision.Fp16, 5e-3, 6)]
    [InlineData(false, Precision.Int8, 1e-2, 7)]
    [InlineData(true, Precision.Fp32, 1e-5, 4)]
    [InlineData(true, Precision.Fp16, 5e-3, 4)]
    [InlineData(true, Precision.Int8, 1e-2, 4)]
    public void GivesWhatFeaturesOfSeveralDepthsSay(bool isLegacy, Precision precision, double bound, int specification) =>
        AssertIsTheNetworks(FeatureKind.Depths, isLegacy, precision, bound, specification);

    private static void AssertIsTheNetworks(FeatureKind kind, bool isLegacy, Precision precision, double bound, int specification)
    {
        using var gate = WrittenGates.Open(isLegacy, precision, kind);
        var subject = WrittenGates.SubjectOf(kind);

        Assert.Equal((specification, WrittenGates.AcceptedOf(kind).Cosine), (gate.Specification, gate.Threshold));
        var seen = new HashSet<double>();
        foreach (var (place, picture) in WrittenGates.Pictures(3).Index())
        {
            using var scope = NewDisposeScope();
            var expected = WrittenGates.EmbeddingsOf(kind)[place];
            var outputs = gate.Run(gate.Pixels(picture.Pixels));
            Assert.Equal(subject.Cosines(expected)[0], gate.Judge(picture).Similarity, bound);
            // A single number differs more than the cosine.
            Assert.All(expected[0].ToArray().Zip(outputs.Embedding.data<float>()), pair =>
                Assert.Equal(pair.First, pair.Second, 2 * bound));
            Assert.True(seen.Add(Math.Round(subject.Cosines(expected)[0], 2)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DecisionIsTheModels(bool isLegacy)
    {
        using var gate = WrittenGates.Open(isLegacy, Precision.Fp32);

        var judgements = WrittenGates.Pictures(6).Select(gate.Judge).ToArray();

        Assert.Contains(judgements, judgement => judgement.Accepted);
        Assert.Contains(judgements, judgement => !judgement.Accepted);
        Assert.All(judgements, judgement => Assert.Equal(judgement.Similarity >= WrittenGates.Accepted.Cosine, judgement.Accepted));
    }

    /// <summary>In float16 the sum of squares of a long embedding overflows, and the older format can't request float32.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LongEmbeddingsSurviveFloat16(bool isLegacy)
    {
        var network = WrittenGates.Network;
        network = network
            with
        {
            HeadWeights = Array.ConvertAll(network.HeadWeights, weight => weight * 500),
            HeadBias = Array.ConvertAll(network.HeadBias, bias => bias * 500)
        };
        var source = WrittenGates.Source(network, Precision.Fp16);
        using var gate = isLegacy ? CoreMlGate.Load(NeuralNetworkModel.Write(source), "x")
            : CoreMlGate.Load(MlProgramModel.Write(source).Files, "x");
        var picture = WrittenGates.Pictures(1)[0];

        Assert.Equal(WrittenGates.Subject.Cosines(WrittenGates.Embedding(network, picture))[0], gate.Judge(picture).Similarity, 5e-3);
    }

    [Theory]
    [InlineData(Precision.Fp32, 11.0, 11.3)]
    [InlineData(Precision.Fp16, 5.5, 5.7)]
    [InlineData(Precision.Int8, 2.85, 3.05)]
    public void SeveralDepthsTakeNoMoreRoom(Precision precision, double least, double most)
    {
        Assert.InRange(WrittenGates.Package(precision, FeatureKind.Depths).Size / 1e6, least, most);
        Assert.InRange(WrittenGates.LegacyModel(precision, FeatureKind.Depths).Length / 1e6, least, most);
    }

    [Theory]
    [InlineData(Precision.Fp32, 11.4, 11.6)]
    [InlineData(Precision.Fp16, 5.7, 5.85)]
    [InlineData(Precision.Int8, 2.95, 3.15)]
    public void SizesAreThoseOfThePrecision(Precision precision, double least, double most)
    {
        Assert.InRange(WrittenGates.Package(precision).Size / 1e6, least, most);
        Assert.InRange(WrittenGates.LegacyModel(precision).Length / 1e6, least, most);
    }
}
