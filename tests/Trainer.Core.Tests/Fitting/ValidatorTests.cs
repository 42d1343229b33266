using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Fitting;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Augmenting;
using Trainer.Core.Networks;
using Trainer.Core.Tests.Training;
using Trainer.Core.Tests.Weights.Safetensors;
using Trainer.Core.Weights;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Fitting;

public sealed class ValidatorTests : IDisposable
{
    private const float Rounding = 1e-6f; // libtorch's rounding depends on the batch size

    private readonly TemporaryFolder folder = new();
    private readonly EmbeddingNetwork network = new();

    public void Dispose()
    {
        network.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void CentroidAndThresholdComeFromTheNormals()
    {
        var normals = ImageFolder.Scan(DrawnPictures.Normals(folder, "normal", 5)).Images;
        var negatives = ImageFolder.Scan(DrawnPictures.Negatives(folder, "coco", 3)).Images;

        var result = Calibrate(normals, negatives, acceptRate: 1);

        var embedded = Embed(normals);
        Assert.All(Centroid.Of(embedded).Values.Zip(result.Centroid.Values), pair => Assert.Equal(pair.First, pair.Second, Rounding));
        Assert.Equal(embedded.Count, result.Threshold.CalibrationCount);
        Assert.Equal(Centroid.LeaveOneOutCosines(embedded).Min(), result.Normals.Min, Rounding);
        Assert.Equal((5, 3), (result.Normals.Count, result.Negatives.Count));
        Assert.Equal(result.Centroid.Cosines(Embed(negatives)).Average(c => (double)c), result.Negatives.Mean, Rounding);
    }

    [Fact]
    public void TheThresholdAcceptsEveryVariationOfTheNormalsAtAnAcceptRateOfOne()
    {
        var normals = ImageFolder.Scan(DrawnPictures.Normals(folder, "normal", 5)).Images;

        var result = Calibrate(normals, [], acceptRate: 1);

        var embedded = Embed(normals);
        var loader = new BatchLoader(Preprocessing.Default, 1, 1, new SkippedFiles());
        var lowest = normals.SelectMany((image, photo) => Enumerable.Range(0, Variations.Count).Select(variation =>
        {
            var batch = loader.Load(
                [new LabelledImage(image, Labels.Normal)], (_, _, picture) =>
                Variations.ToInput(picture, photo, variation, 128), dropLast: false).Single();
            var others = Centroid.Of(embedded.At([.. Enumerable.Range(0, normals.Count).Where(i => i != photo)]));
            return others.Cosines(new Embedder(network, CPU).Embed(batch))[0];
        })).Min();
        Assert.Equal(lowest, result.Threshold.Cosine, 1e-5);
    }

    [Fact]
    public void WithoutNegativesThereIsAGateButNoFigure()
    {
        var normals = ImageFolder.Scan(DrawnPictures.Normals(folder, "normal", 3)).Images;

        var result = Calibrate(normals, [], acceptRate: 0.95);

        Assert.Equal(3, result.Centroid.Count);
        Assert.Equal((double.NaN, double.NaN, double.NaN), (result.Auroc, result.FprAt95Tpr, result.FalseAcceptRate));
    }

    [Fact]
    public void UnreadableNormalsAreRefused()
    {
        folder.Write("broken/a.jpg", DrawnPictures.HalfAJpeg(0));

        var error = Assert.Throws<TrainerException>(
            () => Calibrate(ImageFolder.Scan(Path.Combine(folder.Root, "broken")).Images, [], 0.95));

        Assert.Contains("None of the calibration normals can be read (1 file)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NetworkIsEvaluatedInEvaluationMode()
    {
        network.train();
        var normals = ImageFolder.Scan(DrawnPictures.Normals(folder, "normal", 3)).Images;
        var before = StateDict.Save(network);

        _ = Calibrate(normals, [], 0.95);

        Assert.All(before.Zip(StateDict.Save(network)), pair => SafetensorsFileTests.AssertSame(pair.First, pair.Second));
    }

    private ValidationResult Calibrate(IReadOnlyList<ImageEntry> normals, IReadOnlyList<ImageEntry> negatives, double acceptRate) =>
        new Validator(new Embedder(network, CPU), new BatchLoader(Preprocessing.Default, 2, 2, new SkippedFiles()))
            .Calibrate(normals, negatives, acceptRate, TestContext.Current.CancellationToken);

    private EmbeddingSet Embed(IReadOnlyList<ImageEntry> images)
    {
        var embedder = new Embedder(network, CPU);
        var loader = new BatchLoader(Preprocessing.Default, 2, 2, new SkippedFiles());
        return EmbeddingSet.Concat([.. loader.Load(images).Select(embedder.Embed)], Embedder.EmbeddingSize);
    }
}
