using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Export;
using Trainer.Core.Tests.Training;
using Trainer.Core.Tests.Validation;
using Xunit;

namespace Trainer.Core.Tests.Export;

public sealed class ParityCheckTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly IReadOnlyList<ImageEntry> images;

    public ParityCheckTests() => images = ImageFolder.Scan(DrawnPictures.Normals(folder, "pictures", 4)).Images;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void EqualGatesHold()
    {
        var parity = Compare(new FakeGate(0.5f, _ => 0.7f), new FakeGate(0.5f, _ => 0.7f));

        Assert.Equal(new ParityResult(4, 0, 0, 0), parity);
        Assert.True(parity.Holds(ParityCheck.Float32Bound));
    }

    [Fact]
    public void WorstAndMeanDeltaAreThoseOfThePictures()
    {
        var parity = Compare(new FakeGate(0.5f, _ => 0.75f), new FakeGate(0.5f, name => name == "002.jpg" ? 0.875f : 0.75f));

        Assert.Equal(new ParityResult(4, 0.125, 0.125 / 4, 0), parity);
        Assert.False(parity.Holds(ParityCheck.Float32Bound));
        Assert.True(parity.Holds(0.125));
    }

    [Fact]
    public void ChangedDecisionsBreakTheBoundHoweverSmallTheDelta()
    {
        var parity = Compare(new FakeGate(0.5f, _ => 0.5f), new FakeGate(0.5f, name => name == "001.jpg" ? 0.49999f : 0.5f));

        Assert.Equal(1, parity.ChangedDecisions);
        Assert.InRange(parity.WorstDelta, 1e-6, ParityCheck.Float32Bound);
        Assert.False(parity.Holds(ParityCheck.Float32Bound));
    }

    [Fact]
    public void OtherThresholdChangesDecisions() => Assert.Equal(4, Compare(new FakeGate(0.5f, _ => 0.6f), new FakeGate(0.7f, _ => 0.6f)).ChangedDecisions);

    [Theory]
    [InlineData("000.jpg")]
    [InlineData("003.jpg")]
    public void NaNBreaksTheBound(string where)
    {
        var parity = Compare(new FakeGate(0.5f, _ => 0.1f), new FakeGate(0.5f, name => name == where ? float.NaN : 0.1f));

        Assert.Equal(double.NaN, parity.WorstDelta);
        Assert.False(parity.Holds(double.MaxValue));
    }

    [Fact]
    public void NoPictureProvesNothing()
    {
        var parity = ParityCheck.Compare(
            new FakeGate(0, _ => 0), new FakeGate(0, _ => 0), [], new BatchLoader(2, 1, new SkippedFiles()), TestContext.Current.CancellationToken);

        Assert.False(parity.Holds(1));
    }

    private ParityResult Compare(FakeGate trained, FakeGate exported) =>
        ParityCheck.Compare(trained, exported, images, new BatchLoader(3, 2, new SkippedFiles()), TestContext.Current.CancellationToken);
}
