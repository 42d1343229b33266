using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Ranks;
using Trainer.Core.Training;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Training;

public sealed class TrainingClassesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(4000)]
    [InlineData(16)]
    public void PhotosOutsideTheSampleJoinTheClassOfTheirLikes(int sample)
    {
        manual_seed(1);
        using var network = new EmbeddingNetwork(FeatureKind.Depths);
        var stripes = Photos(DrawnPictures.Normals(folder, "upright", 20, first: 500));
        var bands = Photos(DrawnPictures.Negatives(folder, "level", 20));
        var subject = Photos(DrawnPictures.Normals(folder, "subject", 20));

        using var found = TrainingClasses.Find(
            network, CPU, new BatchLoader(Preprocessing.Default, 8, workers: 2, new SkippedFiles()), subject, [.. stripes, .. bands],
            clusters: 2, seed: 1, Portions.Whole, TestContext.Current.CancellationToken, sample);

        Assert.Equal((2, 60), (found.FirstOfSubject, found.Classes.Labels.Count));
        Assert.NotEqual(Assert.Single(ClassesOf(stripes)), Assert.Single(ClassesOf(bands)));
        Assert.All(ClassesOf(subject), label => Assert.InRange(label, 2, found.Classes.Count - 1));
        Assert.Equal(Math.Min(sample, 40) + Math.Min(sample, 20), found.Features.shape[0]);
        Assert.Equal(found.Features.shape[0], found.Labels.Length);

        int[] ClassesOf(IEnumerable<ImageEntry> photos) => [.. photos.Select(found.Classes.Of).Distinct()];
    }

    private static IReadOnlyList<ImageEntry> Photos(string path) => ImageFolder.Scan(path).Images;
}
