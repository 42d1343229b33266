using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Evaluation;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Runs.Options;
using Trainer.Core.Tests.Training;
using Trainer.Core.Training.Planning;
using Xunit;

namespace Trainer.Core.Tests.Runs;

public sealed class RunPicturesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<string> told = [];
    private readonly TrainingData data;
    private readonly RunFolder run;

    public RunPicturesTests()
    {
        var options = new TrainingOptions
        {
            Normal = DrawnPictures.Normals(folder, "normal", 20),
            Coco = DrawnPictures.Negatives(folder, "coco", 20),
            Out = folder.PathOf("run"),
        };
        data = TrainingData.Scan(options, new CachedReader(), threads: 2, new SkippedFiles(), _ => { });
        run = RunFolder.Create(options.Out);
        PartsFile.Write(run.Parts, data.Normals, data.Negatives);
        var record = new RunRecord(
            SavedOptions.Of(options), "1", "1", "1", "cpu", 2, "random", data.Fingerprint, PartCounts.Of(data.Normals),
            PartCounts.Of(data.Negatives));
        run.WriteRecord(record);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TestPartIsFoundAgain()
    {
        var sets = RunPictures.TestSets(run, told.Add);

        Assert.Equal([("normal", SetRole.Normal), ("coco", SetRole.Negative)], sets.Select(set => (set.Name, set.Role)));
        Assert.Equal(data.Normals.Test, sets[0].Images);
        Assert.Equal(data.Negatives.Test, sets[1].Images);
        Assert.Empty(told);
    }

    [Fact]
    public void HeldOutIsAllThatDidNotTrain()
    {
        var heldOut = RunPictures.HeldOut(run, told.Add);

        Assert.Equal(Labelled(data.Normals.Calibration, data.Negatives.Calibration), heldOut.Calibration);
        Assert.Equal(Labelled(data.Normals.Test, data.Negatives.Test), heldOut.Test);
        Assert.Equal([.. heldOut.Calibration, .. heldOut.Test], heldOut.All);

        static IEnumerable<LabelledImage> Labelled(IEnumerable<ImageEntry> normals, IEnumerable<ImageEntry> negatives) =>
            normals.Select(image => new LabelledImage(image, Labels.Normal))
                .Concat(negatives.Select(image => new LabelledImage(image, Labels.Negative)));
    }

    [Fact]
    public void PicturesThatAreGoneAreSaid()
    {
        File.Delete(data.Normals.Test[0].Path);

        var sets = RunPictures.TestSets(run, told.Add);

        Assert.Equal(data.Normals.Test.Skip(1), sets[0].Images);
        Assert.StartsWith("1 of the run's 3 test normals is no longer in", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAnyOfThemOtherFoldersAreAskedFor()
    {
        foreach (var image in data.Normals.Test)
        {
            File.Delete(image.Path);
        }

        var error = Assert.Throws<TrainerException>(() => RunPictures.TestSets(run, told.Add));

        Assert.StartsWith("None of the run's 3 test normals is in", error.Message, StringComparison.Ordinal);
        Assert.Contains("--normal, --coco", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FolderThatIsGoneIsNamed()
    {
        Directory.Delete(Path.Combine(folder.Root, "coco"), recursive: true);

        var error = Assert.Throws<TrainerException>(() => RunPictures.TestSets(run, told.Add));

        Assert.Contains(Path.Combine(folder.Root, "coco"), error.Message, StringComparison.Ordinal);
    }
}
