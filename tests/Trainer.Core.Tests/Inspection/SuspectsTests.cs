using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Imaging;
using Trainer.Core.Inspection;
using Trainer.Core.Tests.Evaluation;
using Trainer.Core.Tests.Training;
using Xunit;

namespace Trainer.Core.Tests.Inspection;

public sealed class SuspectsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void NormalsFarthestFromTheCentroidComeFirst()
    {
        var suspects = Find(SetRole.Normal);

        Assert.Equal(Enumerable.Range(0, Suspects.Most).Select(i => $"{i:d3}.jpg"), suspects.Pictures.Select(suspect => suspect.Name));
        Assert.Equal([false, true], suspects.Pictures.Select(suspect => suspect.Accepted).Distinct()); // from 0.05 on
        Assert.Equal(0.05, suspects.Pictures[5].Cosine, 6);
        Assert.True(suspects.Pictures[5].Accepted);
    }

    [Fact]
    public void NegativesNearestToTheCentroidComeFirst()
    {
        var suspects = Find(SetRole.Negative);

        Assert.Equal(Enumerable.Range(0, Suspects.Most).Select(i => $"{19 - i:d3}.jpg"), suspects.Pictures.Select(suspect => suspect.Name));
    }

    /// <summary>Judges twenty pictures; the cosine of each is a hundredth of its number.</summary>
    private SuspectList Find(SetRole role)
    {
        var images = ImageFolder.Scan(DrawnPictures.Normals(folder, "pictures", 20)).Images;
        var gate = new FakeGate(0.05f, name => int.Parse(name[..3], System.Globalization.CultureInfo.InvariantCulture) / 100f);
        return Suspects.Find(
            gate, new BatchLoader(Preprocessing.Default, batchSize: 6, workers: 2, new SkippedFiles()), "set", role, images,
            cancel: TestContext.Current.CancellationToken);
    }
}
