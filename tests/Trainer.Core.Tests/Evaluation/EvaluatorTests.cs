using System.Globalization;
using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Imaging;
using Trainer.Core.Tests.Training;
using Xunit;

namespace Trainer.Core.Tests.Evaluation;

public sealed class EvaluatorTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SkippedFiles skipped = new();
    private readonly EvaluationSet normals;
    private readonly EvaluationSet negatives;

    public EvaluatorTests()
    {
        normals = new EvaluationSet(
            "normal", SetRole.Normal, ImageFolder.Scan(DrawnPictures.Normals(folder, "normal", 4, first: 50)).Images);
        negatives = new EvaluationSet(
            "weeds", SetRole.Negative, ImageFolder.Scan(DrawnPictures.Negatives(folder, "weeds", 5, first: 48)).Images);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void EverySetIsMeasuredAgainstTheFirstNormals()
    {
        var results = Evaluate([negatives, normals]);

        Assert.Equal(["weeds", "normal"], results.Select(set => set.Name));
        Assert.Equal([0.48f, 0.49f, 0.50f, 0.51f, 0.52f], results[0].Cosines);
        Assert.Equal(15.5 / 20, results[0].Auroc, 12); // 50..53 against 48..52: 2.5 + 3.5 + 4.5 + 5
        Assert.Equal(0.4, results[0].AcceptRate, 12);
        Assert.Equal(0.75, results[1].AcceptRate, 12);
    }

    [Fact]
    public void ProgressCountsOverAllSets()
    {
        var told = new List<int>();

        _ = Evaluate([normals, negatives], told.Add);

        Assert.Equal(Enumerable.Range(1, 9), told);
    }

    [Fact]
    public void BrokenPicturesAreLeftOutAndNamed()
    {
        var broken = folder.Write("weeds/broken.jpg", DrawnPictures.HalfAJpeg(0));
        var set = negatives with { Images = ImageFolder.Scan(Path.Combine(folder.Root, "weeds")).Images };

        var results = Evaluate([normals, set]);

        Assert.Equal(5, results[1].Count);
        Assert.Equal(broken, Assert.Single(skipped.All).Path);
        Assert.Equal(negatives.Images, results[1].Pictures); // in the order of the cosines
    }

    [Fact]
    public void SetWithoutAReadablePictureIsRefusedByName()
    {
        folder.Write("holiday/a.jpg", DrawnPictures.HalfAJpeg(0));
        var set = new EvaluationSet("holiday", SetRole.Negative, ImageFolder.Scan(Path.Combine(folder.Root, "holiday")).Images);

        var error = Assert.Throws<TrainerException>(() => Evaluate([normals, set]));

        Assert.Contains("None of the pictures of 'holiday' can be read (1 file)", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Picture 50.jpg has cosine 0.50, and so on; accepted from 0.51 on.</summary>
    private IReadOnlyList<SetResult> Evaluate(IReadOnlyList<EvaluationSet> sets, Action<int>? done = null) =>
        new Evaluator(
            new FakeGate(0.51f, name => int.Parse(Path.GetFileNameWithoutExtension(name), CultureInfo.InvariantCulture) / 100f),
            new BatchLoader(Preprocessing.Default, batchSize: 3, workers: 2, skipped))
            .Evaluate(sets, done, TestContext.Current.CancellationToken);
}
