using Trainer.Core.Batching;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Export.Web;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Tests.Imaging;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Export;

public sealed class EvidenceOutputTests : IDisposable
{
    private const double Tolerance = 1e-4;
    private const float Least = 0.4f;
    private static readonly Centroid Subject = RandomGate.Centroid();
    private static readonly Lazy<byte[]> Plain = new(() => Write(withEvidence: false));
    private static readonly Lazy<byte[]> Model = new(() => Write(withEvidence: true));
    private readonly OnnxGate gate = OnnxGate.Load(Model.Value, threads: 1, "test");

    public void Dispose() => gate.Dispose();

    [Fact]
    public void PlacesAreSharesOfThePlacesOwnEmbeddings()
    {
        var picture = Picture(7);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var network = RandomGate.NetworkInDoubles();
        var maps = network.Features.forward(new Batch(Preprocessing.ToInput(picture), [default]).ImagesOn(CPU).to(ScalarType.Float64)); // [1, 1280, 4, 4]
        var places = network.Head.forward(maps.permute(0, 2, 3, 1).reshape(16, -1)).data<double>().ToArray();  // [16, 512]
        double Of(int place, int d) => places[(place * 512) + d];
        var length = Math.Sqrt(Enumerable.Range(0, 512).Sum(d => Math.Pow(Enumerable.Range(0, 16).Sum(place => Of(place, d)) / 16, 2)));

        var evidence = gate.Evidence(picture);

        Assert.NotNull(evidence);
        Assert.Equal(16, evidence.Length);
        Assert.All(evidence.Index(), share => Assert.Equal(
            Enumerable.Range(0, 512).Sum(d => Of(share.Index, d) * Subject.Values[d]) / (16 * length), share.Item, Tolerance));
    }

    [Fact]
    public void SharesAddUpToTheSimilarityWhichStaysAsItWas()
    {
        using var plain = OnnxGate.Load(Plain.Value, threads: 1, "test");
        var picture = Picture(8);

        Assert.Equal(plain.Judge(picture), gate.Judge(picture));
        Assert.Equal(gate.Judge(picture).Similarity, gate.Evidence(picture)!.Sum(share => (double)share), Tolerance);
        Assert.Null(plain.Evidence(picture));
    }

    [Fact]
    public void BaselineIsThatOfATypicalPictureAtTheThreshold()
    {
        var baseline = EvidenceBaseline.Of(gate, [Picture(7)]);

        var evidence = gate.Evidence(Picture(7))!;
        var similarity = evidence.Sum(share => (double)share);
        var expected = evidence.Select(share => similarity > 0 ? share / similarity * Least : Least / 16.0);
        Assert.All(baseline.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, Tolerance));
        Assert.Equal(Least, baseline.Sum(), Tolerance);
        Assert.All(EvidenceBaseline.Of(gate, []), share => Assert.Equal(Least / 16, share, Tolerance));
    }

    private static RgbImage Picture(ulong seed) => Drawn.Noise(160, 128, seed);

    private static byte[] Write(bool withEvidence)
    {
        using var network = RandomGate.Network();
        var folded = FoldedNetwork.Of(network);
        var model = OnnxGateModel.Write(new FloatNetwork(folded), Subject, new Threshold(Least, 0.95, 10), "1.2.3", GateInput.Picture);
        return withEvidence ? EvidenceOutput.AddTo(model, folded, Subject) : model;
    }
}
