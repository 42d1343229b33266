using Trainer.Core.Batching;
using Trainer.Core.Runs.Options;
using Trainer.Core.Training;
using Trainer.Core.Training.Planning;
using Xunit;

namespace Trainer.Core.Tests.Training.Planning;

public sealed class OverlapsTests : IDisposable
{
    private readonly SmallTraining small = new();
    private readonly List<string> notices = [];

    public void Dispose() => small.Dispose();

    [Fact]
    public void FoldersOfDifferentPicturesAreNoMatter()
    {
        Scan(small.Options(epochs: 1));

        Assert.Empty(notices);
    }

    [Fact]
    public void TheSubjectAmongTheOrdinaryPhotosIsRefused()
    {
        var options = small.Options(epochs: 1);

        var same = Assert.Throws<TrainerException>(() => Scan(options with { Coco = options.Normal }));
        var around = Assert.Throws<TrainerException>(() => Scan(options with { Coco = small.Folder.Root }));

        Assert.Equal(
            $"12 of the 12 pictures in '{options.Normal}' (--normal) lie in '{options.Normal}' (--coco) as well, as examples of what "
            + "the subject is not. Name a folder without them.", same.Message);
        Assert.StartsWith(
            $"12 of the 12 pictures in '{options.Normal}' (--normal) lie in '{small.Folder.Root}' (--coco) as well", around.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void OrdinaryPhotosOfWhichHalfAreTheSubjectAreRefused()
    {
        var options = small.Options(epochs: 1);
        var mixed = Directory.CreateDirectory(small.Folder.PathOf("mixed")).FullName;
        foreach (var (i, photo) in Directory.GetFiles(options.Normal).Take(2).Concat(Directory.GetFiles(options.Coco).Take(2)).Index())
        {
            File.Copy(photo, Path.Combine(mixed, $"{i}.jpg"));
        }

        Assert.StartsWith(
            "2 of the 12 pictures", Assert.Throws<TrainerException>(() => Scan(options with { Coco = mixed })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void SomeOfTheSubjectAmongOthersAreWarnedOf()
    {
        var options = small.Options(epochs: 1);
        File.Copy(First(options.Normal), Path.Combine(options.Coco, "astray.jpg"));

        Scan(options);

        Assert.Equal(
            $"1 picture lies both in '{options.Normal}' (--normal) and in '{options.Coco}' (--coco), such as "
                + $"{Path.GetFileName(First(options.Normal))}: training is told opposite things about each of them. "
                + "Take them out of one of the two; 'trainer inspect' lists them.",
            Assert.Single(notices));
    }

    [Fact]
    public void PhotosThatTrainAndTestAreWarnedOf()
    {
        var options = small.Options(epochs: 1);
        var valid = DrawnPictures.Normals(small.Folder, "valid", 15); // the first twelve of them are drawn alike

        Scan(options with { ValidNormal = valid });

        Assert.StartsWith(
            $"12 pictures lie both in '{options.Normal}' (--normal) and in '{valid}' (--valid-normal), such as ", Assert.Single(notices),
            StringComparison.Ordinal);
    }

    [Fact]
    public void FolderThatCanHardlyBeReadIsWarnedOf()
    {
        var options = small.Options(epochs: 1);
        File.WriteAllText(Path.Combine(options.Coco, "page.jpg"), "<!DOCTYPE html>");
        File.WriteAllText(Path.Combine(options.Coco, "other.jpg"), "<!DOCTYPE html>");

        Scan(options);

        Assert.Equal(
            $"2 of the 14 pictures in '{options.Coco}' (--coco) can't be read, so they are left out. Is it the right folder, and is it "
            + "whole?", Assert.Single(notices));
    }

    private static string First(string folder) => Directory.GetFiles(folder).Order(StringComparer.Ordinal).First();

    private void Scan(TrainingOptions options) => TrainingData.Scan(options, new CachedReader(), threads: 2, new SkippedFiles(), told =>
    {
        if (told is Notice notice)
        {
            notices.Add(notice.Text);
        }
    });
}
