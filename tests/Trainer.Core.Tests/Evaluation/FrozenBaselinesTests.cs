using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Gates;
using Trainer.Core.Imaging;
using Trainer.Core.Metrics;
using Trainer.Core.Networks;
using Trainer.Core.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Evaluation;

public sealed class FrozenBaselinesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly BatchLoader loader = new(Preprocessing.Default, batchSize: 4, workers: 1, new SkippedFiles());
    private readonly EmbeddingNetwork network;

    public FrozenBaselinesTests()
    {
        manual_seed(1);
        network = new EmbeddingNetwork(FeatureKind.Pooled);
    }

    public void Dispose()
    {
        network.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void BothBaselinesAreMeasuredOnThePicturesOfTheGate()
    {
        var known = ImageFolder.Scan(DrawnPictures.Normals(folder, "known", 6)).Images;
        var normals = Judged("normal", SetRole.Normal, DrawnPictures.Normals(folder, "normal", 4, first: 50));
        var negatives = Judged("weeds", SetRole.Negative, DrawnPictures.Negatives(folder, "weeds", 5));

        var baselines = new FrozenBaselines(network, CPU, loader).Measure(known, [normals, negatives]);

        Assert.Equal([FrozenBaselines.ByCentroid, FrozenBaselines.ByNearest], baselines.Select(baseline => baseline.Name));
        var features = new[] { known, normals.Pictures, negatives.Pictures }.Select(Features).ToArray();
        var byCentroid = Auroc.Of(Centroid.Of(features[0]).Cosines(features[1]), Centroid.Of(features[0]).Cosines(features[2]));
        var byNearest = Auroc.Of(NearestNormals.Cosines(features[0], features[1]), NearestNormals.Cosines(features[0], features[2]));
        Assert.Equal([byCentroid, byNearest], baselines.Select(baseline => Assert.Single(baseline.Sets).Auroc));
        Assert.All(baselines, baseline => Assert.Equal(0.5, baseline.Sets[0].GateAuroc)); // a gate that knows nothing
    }

    [Fact]
    public void WithoutNormalsThereIsNothingToCompare()
    {
        var photos = DrawnPictures.Negatives(folder, "weeds", 3);

        Assert.Empty(new FrozenBaselines(network, CPU, loader)
            .Measure(ImageFolder.Scan(photos).Images, [Judged("weeds", SetRole.Negative, photos)]));
    }

    [Fact]
    public void PictureThatIsGoneIsAnError()
    {
        var normals = Judged("normal", SetRole.Normal, DrawnPictures.Normals(folder, "normal", 3));
        File.Delete(normals.Pictures[1].Path);

        var error = Assert.Throws<TrainerException>(
            () => new FrozenBaselines(network, CPU, loader).Measure([normals.Pictures[0]], [normals]));

        Assert.Contains("1 picture of normal can no longer be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnlyALeadBeyondChanceCounts()
    {
        float[] weak = [.. Enumerable.Range(0, 60).Select(i => (i * 37 % 60) / 60f)],
            good = [.. Enumerable.Range(0, 60).Select(i => 1 + (i / 60f))];

        Assert.True(BaselineFigure.Of("weeds", (weak, weak), (good, weak)).IsBetter);
        Assert.False(BaselineFigure.Of("weeds", (good, weak), (weak, weak)).IsBetter);
        Assert.Equal([0, 0], BaselineFigure.Of("weeds", (good, weak), (good, weak)).Lead); // the same resampled pictures
    }

    private static SetResult Judged(string name, SetRole role, string photos)
    {
        var pictures = ImageFolder.Scan(photos).Images;
        var cosines = new float[pictures.Count];
        return SetResult.Of(name, role, cosines, cosines, threshold: 0.5f) with { Pictures = pictures };
    }

    private EmbeddingSet Features(IReadOnlyList<ImageEntry> pictures)
    {
        using var _ = no_grad();
        return new([.. loader.Load(pictures).SelectMany(batch => network.Describe(batch.ImagesOn(CPU)).data<float>().ToArray())],
            network.FeatureSize);
    }
}
