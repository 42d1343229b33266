using Trainer.Core.Batching;
using Trainer.Core.Export.Onnx;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Runs;
using Trainer.Core.Scoring;
using Trainer.Core.Tests.Export;
using Trainer.Core.Tests.Hostile;
using Trainer.Core.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Scoring;

public sealed class ScorerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ModelJudgesEveryPictureAsIfItWereAlone()
    {
        var pictures = Pictures(24);
        using var alone = OnnxGate.Load(SmallGate.Write(), threads: 1, "model");
        using var scorer = new ModelScorer(OnnxGate.Load(SmallGate.Write(), threads: 1, "model"), threads: 3);

        var scored = scorer.Score(pictures, TestContext.Current.CancellationToken).ToArray();

        Assert.Equal(pictures.Where(IsWhole).Select(picture => alone.Judge(ImageDecoder.Decode(picture.Path))),
            scored.Select(score => score.Judgement).OfType<Core.Evaluation.Judgement>());
        AssertErrorsAreInTheirPlaces(pictures, scored);
    }

    [Fact]
    public void RunJudgesEveryPictureAsIfItWereAlone()
    {
        var pictures = Pictures(70); // two batches and a part of one
        var gate = TrainedGate.Load(RandomGate.Save(folder.PathOf("gate.ckpt"), RandomGate.Centroid(), threshold: 0), CPU);
        var alone = pictures.Where(IsWhole)
            .Select(picture => gate.Cosines(new Batch(Preprocessing.Default.ToInput(ImageDecoder.Decode(picture.Path)), [default]))[0])
            .ToArray();
        using var scorer = new RunScorer(gate, threads: 2);

        var scored = scorer.Score(pictures, TestContext.Current.CancellationToken).ToArray();

        // Rounding differs in a batch.
        Assert.All(alone.Zip(scored.Select(score => score.Judgement?.Similarity).OfType<float>()), pair =>
            Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.All(scored, score => Assert.Equal(score.Judgement?.Similarity >= 0, score.Judgement?.Accepted ?? false));
        AssertErrorsAreInTheirPlaces(pictures, scored);
    }

    [Fact]
    public void NothingReadableIsNoBatch()
    {
        using var scorer =
            new RunScorer(TrainedGate.Load(RandomGate.Save(folder.PathOf("gate.ckpt"), RandomGate.Centroid(), threshold: 0), CPU),
            threads: 2);

        var scored = scorer.Score([new PictureSource(folder.PathOf("gone.jpg"))], TestContext.Current.CancellationToken);

        Assert.Equal("the file is gone", Assert.Single(scored).Error);
    }

    private static void AssertErrorsAreInTheirPlaces(PictureSource[] pictures, ScoredPicture[] scored)
    {
        Assert.Equal(pictures.Length, scored.Length);
        Assert.All(pictures.Zip(scored), pair => Assert.Equal(IsWhole(pair.First), pair.Second is { Judgement: not null, Error: null }));
    }

    private static bool IsWhole(PictureSource picture) => !picture.Path.EndsWith("half.jpg", StringComparison.Ordinal);

    /// <summary>Drawn pictures, every fifth of which is truncated.</summary>
    private PictureSource[] Pictures(int count)
    {
        var half = folder.Write("half.jpg", DrawnPictures.HalfAJpeg(0));
        var drawn = DrawnPictures.Normals(folder, "normals", 10);
        return [.. Enumerable.Range(0, count).Select(i => new PictureSource(i % 5 == 3 ? half : Path.Combine(drawn, $"{i % 10:d3}.jpg")))];
    }
}
