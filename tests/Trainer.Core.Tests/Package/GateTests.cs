using System.Numerics.Tensors;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Tests.Export;
using Trainer.Core.Tests.Hostile;
using Trainer.Core.Tests.Imaging;
using Trainer.Gates;
using Xunit;

namespace Trainer.Core.Tests.Package;

/// <summary>Trainer.Gate as an app uses it.</summary>
public sealed class GateTests
{
    private static readonly Lazy<byte[]> Written = new(() =>
    {
        using var network = RandomGate.Network();
        return OnnxGateModel.Write(
            new FloatNetwork(FoldedNetwork.Of(network)), RandomGate.Centroid(), new Threshold(0.123456789f, 0.95, 10), "1.2.3",
            GateInput.Picture, Preprocessing.Default, Calibration);
    });

    private static Nearness Calibration => Nearness.Among(Enumerable.Range(-50, 100).Select(i => i / 50f))!; // enough of them

    private static Pixels Picture
    {
        get
        {
            var picture = Drawn.Soft(60, 40);
            return new(picture.Pixels, picture.Width, picture.Height);
        }
    }

    [Fact]
    public void DecisionComesWithSimilarityAndEmbedding()
    {
        using var gate = Gate.Load(Written.Value);

        var decision = gate.Judge(Picture);

        Assert.Equal(0.123456789f, gate.Threshold);
        Assert.Equal(decision.Similarity >= gate.Threshold, decision.Accepted);
        Assert.Equal(512, decision.Embedding.Length);
        Assert.Equal(TensorPrimitives.Dot(decision.Embedding.Span, RandomGate.Centroid().Values), decision.Similarity, 1e-5);
        Assert.Equal(RandomGate.Centroid().Sha256, gate.Metadata["centroid_sha256"]);
    }

    [Fact]
    public void GraphPlacesAPictureAmongTheCalibrationPhotos()
    {
        using var gate = Gate.Load(Written.Value);

        var decision = gate.Judge(Picture);

        Assert.Equal(Calibration.Share(decision.Similarity), decision.CloserThan!.Value, 1e-6); // made with them
        Assert.InRange(decision.CloserThan.Value, 0.01f, 0.99f); // or the test shows nothing
    }

    [Fact]
    public void FileOfFewPhotosPlacesNothing()
    {
        using var gate = Gate.Load(SmallGate.Write());

        Assert.Null(gate.JudgePrepared(new float[3 * 128 * 128]).CloserThan);
    }

    [Fact]
    public void PhotoGoesThroughTheDecoderOfTheApp()
    {
        using var gate = Gate.Load(Written.Value, photo => photo.ReadByte() == 7 ? Picture : throw new InvalidDataException());
        using var photo = new MemoryStream([7]);

        Assert.Equal(gate.Judge(Picture).Similarity, gate.Judge(photo).Similarity);
    }

    [Fact]
    public void WithoutDecoderAStreamIsRefused()
    {
        using var gate = Gate.Load(SmallGate.Write());

        Assert.Contains("Gate.Load", Assert.Throws<InvalidOperationException>(() => gate.Judge(Stream.Null)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ManyThreadsMayAskAtOnce()
    {
        using var gate = Gate.Load(Written.Value);
        var alone = gate.Judge(Picture).Similarity;

        var together = Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(4).Select(_ => gate.Judge(Picture).Similarity)
            .ToArray();

        Assert.All(together, similarity => Assert.Equal(alone, similarity));
    }

    [Fact]
    public void FileOfPreparedPixelsTakesNothingElse()
    {
        using var prepared = Gate.Load(SmallGate.Write());
        using var pictures = Gate.Load(Written.Value);
        var planes = new float[3 * 128 * 128];

        Assert.True(prepared.JudgePrepared(planes).Accepted);
        Assert.Contains("JudgePrepared", Assert.Throws<GateException>(() => prepared.Judge(Picture)).Message, StringComparison.Ordinal);
        Assert.Contains("Call Judge", Assert.Throws<GateException>(() => pictures.JudgePrepared(planes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GarbageIsRefusedByName() =>
        Assert.StartsWith(
            "'rice.onnx' is no ONNX model", Assert.Throws<GateException>(() => Gate.Load([1, 2, 3], name: "rice.onnx")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void AppsGetOnnxRuntimeAndNothingElse() => Assert.All(
        typeof(Gate).Assembly.GetReferencedAssemblies(),
        reference => Assert.True(
            reference.Name!.StartsWith("System.", StringComparison.Ordinal) || reference.Name == "Microsoft.ML.OnnxRuntime",
        reference.Name));

    [Theory]
    [InlineData("src/Trainer.Gate/README.md")]
    [InlineData("docs/deploy.md")]
    public void SampleOfTheDocumentsIsTheOneThatIsCompiled(string document) => Assert.Contains(
        File.ReadAllText(Path.Combine(Repository.Root, "samples", "Judge", "Program.cs")),
        File.ReadAllText(Path.Combine(Repository.Root, document)), StringComparison.Ordinal);
}
