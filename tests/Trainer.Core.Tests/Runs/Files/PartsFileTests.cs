using Trainer.Core.Catalog;
using Trainer.Core.Runs.Files;
using Trainer.Core.Training.Planning;
using Xunit;

namespace Trainer.Core.Tests.Runs.Files;

public sealed class PartsFileTests : IDisposable
{
    private static readonly TrainingData Data = new(
        new PartSplit(Train: Pictures("n", 1, 10), Calibration: Pictures("n", 11, 3), Test: Pictures("n", 14, 4)),
        new PartSplit(Train: Pictures("c", 101, 10), Calibration: Pictures("c", 111, 2), Test: Pictures("c", 113, 5)),
        Fingerprint: "");

    private readonly TemporaryFolder folder = new();
    private readonly string path;

    public PartsFileTests()
    {
        path = folder.PathOf("parts.tsv");
        PartsFile.Write(path, Data.Normals, Data.Negatives);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void HeldOutPicturesAreFoundAgain()
    {
        var normals = All(Data.Normals);
        var negatives = All(Data.Negatives);

        Assert.Equal(Data.Normals.Calibration, PartsFile.Find(path, HeldOutPart.Calibration, SetLabel.Normal, normals).Found);
        Assert.Equal(Data.Normals.Test, PartsFile.Find(path, HeldOutPart.Test, SetLabel.Normal, normals).Found);
        Assert.Equal(Data.Negatives.Calibration, PartsFile.Find(path, HeldOutPart.Calibration, SetLabel.Negative, negatives).Found);
        Assert.Equal(Data.Negatives.Test, PartsFile.Find(path, HeldOutPart.Test, SetLabel.Negative, negatives).Found);
    }

    [Fact]
    public void RenamedPicturesAreFoundInAFolderThatGrew()
    {
        ImageEntry[] grown =
            [.. Pictures("new", 500, 100),
            .. All(Data.Normals).Select(image => image with { Name = $"2025/{image.Name}", Path = $"/moved/{image.Name}" })];

        var (found, listed) = PartsFile.Find(path, HeldOutPart.Test, SetLabel.Normal, grown);

        Assert.Equal(4, listed);
        Assert.Equal(Data.Normals.Test.Select(image => image.ContentKey), found.Select(image => image.ContentKey));
        Assert.All(found, image => Assert.StartsWith("/moved/", image.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void MissingPicturesAreCounted()
    {
        var (found, listed) =
            PartsFile.Find(path, HeldOutPart.Test, SetLabel.Negative, All(Data.Negatives).Where(image => image.ContentKey != 114));

        Assert.Equal(5, listed);
        Assert.Equal([113, 115, 116, 117], found.Select(image => image.ContentKey));
    }

    [Fact]
    public void TheSameContentTwiceIsFoundOnce()
    {
        var twice = Data.Normals.Test.Concat(Data.Normals.Test.Select(image => image with { Name = $"copy of {image.Name}" }));

        Assert.Equal(Data.Normals.Test, PartsFile.Find(path, HeldOutPart.Test, SetLabel.Normal, twice).Found);
    }

    [Fact]
    public void LabelsAreKeptApart() => Assert.Empty(PartsFile.Find(path, HeldOutPart.Test, SetLabel.Normal, All(Data.Negatives)).Found);

    [Fact]
    public void NamesWithTabsAndLinesKeepTheirLine()
    {
        ImageEntry[] odd = [new("/p/a\tb\nc.jpg", "a\tb\nc.jpg", 1000, 77)];

        PartsFile.Write(path, new PartSplit(Train: [], Calibration: [], Test: odd), Data.Negatives);

        Assert.Equal(odd, PartsFile.Find(path, HeldOutPart.Test, SetLabel.Normal, odd).Found);
    }

    [Theory]
    [InlineData("test\tnormal\tnot a number\ta.jpg\n")]
    [InlineData("test\tnormal\n")]
    [InlineData("test\n")]
    [InlineData("test\tnormal\t11112222333344445555\ta.jpg\n")]
    public void DamagedFileIsRefused(string content)
    {
        File.WriteAllText(path, content);

        AssertRefused();
    }

    [Fact]
    public void MissingFileIsRefused()
    {
        File.Delete(path);

        AssertRefused();
    }

    private void AssertRefused()
    {
        var error = Assert.Throws<TrainerException>(() => PartsFile.Find(path, HeldOutPart.Test, SetLabel.Normal, []));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("--normal, --coco", error.Message, StringComparison.Ordinal);
    }

    private static ImageEntry[] All(PartSplit split) => [.. split.Train, .. split.Calibration, .. split.Test];

    private static ImageEntry[] Pictures(string prefix, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(i => new ImageEntry($"/pictures/{prefix}{i}.jpg", $"{prefix}{i}.jpg", 1000, (ulong)i))];
}
