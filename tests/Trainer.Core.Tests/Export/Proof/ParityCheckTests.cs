using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Export;
using Trainer.Core.Export.Proof;
using Trainer.Core.Imaging;
using Trainer.Core.Tests.Training;
using Xunit;

namespace Trainer.Core.Tests.Export.Proof;

public sealed class ParityCheckTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly LabelledImage[] pictures;

    public ParityCheckTests() => pictures =
    [
        .. ImageFolder.Scan(DrawnPictures.Normals(folder, "normals", 2)).Images.Select(image => new LabelledImage(image, Labels.Normal)),
        .. ImageFolder.Scan(DrawnPictures.Negatives(folder, "negatives", 2))
        .Images.Select(image => new LabelledImage(image, Labels.Negative)),
    ];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void EqualGatesHold()
    {
        var parity = Compare([0.7f, 0.7f, 0.1f, 0.1f], [0.7f, 0.7f, 0.1f, 0.1f]);

        Assert.Equal(new ParityResult("fake", 7, double.NaN, 4, 0, 0, 0, 1, 1, 2, 1, 1, 0), parity);
        Assert.True(parity.Holds);
    }

    [Fact]
    public void WorstAndMeanDeltaAreThoseOfThePictures()
    {
        var parity = Compare([0.75f, 0.75f, 0.25f, 0.25f], [0.75f, 0.875f, 0.25f, 0.25f]);

        Assert.Equal((0.125, 0.125 / 4, 0), (parity.WorstDelta, parity.MeanDelta, parity.ChangedDecisions));
    }

    [Fact]
    public void AcceptanceIsThatOfTheNormals()
    {
        var parity = Compare([0.9f, 0.4f, 0.1f, 0.6f], [0.49999f, 0.9f, 0.7f, 0.6f]);

        Assert.Equal((3, 2, 0.5, 0.5, 2),
            (parity.ChangedDecisions, parity.Normals, parity.AcceptedBefore, parity.AcceptedAfter, parity.ChangedNormals));
    }

    [Fact]
    public void DecisionIsTheExportedGatesOwn()
    {
        var exported = new FakePictureGate([0.7f, 0.7f, 0.1f, 0.1f], threshold: 0.8f);

        Assert.Equal(2, Compare([0.7f, 0.7f, 0.1f, 0.1f], exported).ChangedDecisions);
    }

    [Fact]
    public void AurocIsMeasuredBeforeAndAfter()
    {
        var parity = Compare([0.70f, 0.60f, 0.5999f, 0.5f], [0.70f, 0.5998f, 0.5999f, 0.5f], threshold: 0.1f);

        Assert.Equal((1, 0.75), (parity.AurocBefore, parity.AurocAfter));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void NaNIsNeverLetThrough(int where)
    {
        float[] cosines = [0.1f, 0.1f, 0.1f, 0.1f];
        cosines[where] = float.NaN;

        var parity = Compare([0.1f, 0.1f, 0.1f, 0.1f], cosines);

        Assert.Equal(double.NaN, parity.WorstDelta);
        Assert.Contains("some similarities are not numbers", parity.Objection, StringComparison.Ordinal);
        Assert.False((parity with { HasOwnHead = true }).Holds);
    }

    [Fact]
    public void WithoutNegativesThereIsNoAurocToLose()
    {
        var parity = Compare([0.7f, 0.7f], new FakePictureGate([0.7f, 0.7f], 0.5f), pictures[..2]);

        Assert.True(double.IsNaN(parity.AurocBefore));
        Assert.True(parity.Holds);
    }

    [Fact]
    public void UnreadablePicturesAreLeftOut()
    {
        folder.Write("broken/a.jpg", DrawnPictures.HalfAJpeg(0));
        var broken = ImageFolder.Scan(Path.Combine(folder.Root, "broken")).Images.Select(image => new LabelledImage(image, Labels.Normal))
            .ToArray();

        Assert.Equal(2, Compare([0.7f, 0.7f], new FakePictureGate([0.7f, 0.7f], 0.5f), [pictures[0], broken[0], pictures[1]]).Pictures);
        var error = Assert.Throws<TrainerException>(() => Compare([], new FakePictureGate([], 0), broken));
        Assert.StartsWith("None of the run's pictures can be read", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A run's gate judges photos that it was computed from by heads without them, which a file can't do.</summary>
    [Fact]
    public void TrainedGateIsAskedWithoutThePicturesNames()
    {
        var gate = Trained([0.7f, 0.7f, 0.1f, 0.1f], 0.5f);

        new ParityCheck(workers: 2)
            .Compare(gate, [Candidate(new FakePictureGate([0.7f], 0.5f))], pictures, cancel: TestContext.Current.CancellationToken);

        Assert.Equal(pictures.Length, gate.Seen.Count);
        Assert.All(gate.Seen, Assert.Null);
    }

    [Fact]
    public void TimeIsTheMedianOfTheRuns()
    {
        var gate = new FakePictureGate([0.7f], 0.5f);
        var check = new ParityCheck(workers: 1) { TimedRuns = 5 };

        var timed = check.Compare(
            Trained([0.7f], 0.5f), [Candidate(gate) with { IsTimed = true }], pictures[..1], cancel: TestContext.Current.CancellationToken);

        Assert.InRange(Assert.Single(timed).MedianMilliseconds, 0, 1000);
        Assert.Equal(6, gate.Asked);
    }

    private ParityResult Compare(float[] before, float[] after, float threshold = 0.5f) =>
        Compare(before, new FakePictureGate(after, threshold), threshold: threshold);

    private ParityResult Compare(float[] before, FakePictureGate exported, LabelledImage[]? on = null, float threshold = 0.5f) =>
        Assert.Single(new ParityCheck(workers: 2).Compare(
            Trained(before, threshold), [Candidate(exported)], on ?? pictures, cancel: TestContext.Current.CancellationToken));

    private static ExportCandidate Candidate(FakePictureGate gate) => new("fake", "nowhere", 7, gate, () => { }, IsTimed: false);

    private static OrderedGate Trained(float[] cosines, float threshold) => new(cosines, threshold);

    private sealed class FakePictureGate(float[] cosines, float threshold) : IPictureGate
    {
        public int Asked { get; private set; }

        public Preprocessing Preprocessing => Preprocessing.Default;

        public Judgement Judge(RgbImage picture)
        {
            var cosine = cosines[Asked++ % cosines.Length];
            return new Judgement(cosine, cosine >= threshold);
        }
    }

    /// <summary>Gives the cosines in the order of the pictures.</summary>
    private sealed class OrderedGate(float[] cosines, float threshold) : IGate
    {
        public List<ImageEntry?> Seen { get; } = [];

        public float Threshold => threshold;

        public Preprocessing Preprocessing => Preprocessing.Default;

        public float[] Cosines(Batch batch)
        {
            var start = Seen.Count;
            Seen.AddRange(batch.Images.Select(picture => picture.Image));
            return cosines[start..Seen.Count];
        }
    }
}
