using Trainer.Core.Catalog;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Catalog;

public sealed class PartSplitTests
{
    [Theory]
    [InlineData(1000, 700, 150, 150)]
    [InlineData(274, 192, 41, 41)]
    [InlineData(10, 6, 2, 2)]
    [InlineData(3, 1, 1, 1)]
    [InlineData(2, 2, 0, 0)]
    [InlineData(1, 1, 0, 0)]
    public void SizesAreSevenTenthsAndTwiceThreeTwentieths(int count, int train, int calibration, int test)
    {
        var split = PartSplit.ByContent(Entries.Some(count));

        Assert.Equal((train, calibration, test), (split.Train.Count, split.Calibration.Count, split.Test.Count));
    }

    [Fact]
    public void PartsAreDisjointAndComplete()
    {
        var images = Entries.Some(333);

        var split = PartSplit.ByContent(images);

        Assert.Equal(images, Parts(split).SelectMany(part => part).OrderBy(image => image.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void OrderDoesNotMatter()
    {
        var images = Entries.Some(200);
        var split = PartSplit.ByContent(images);

        new CounterRandom(1).Shuffle(images.AsSpan());
        var again = PartSplit.ByContent(images);

        AssertSame(split, again);
    }

    [Fact]
    public void RenamingMovesNothing()
    {
        var images = Entries.Some(200);
        var renamed = images.Select((image, i) => image with { Name = $"{200 - i}.jpg", Path = $"/elsewhere/{200 - i}.jpg" }).ToArray();

        var (before, after) = (PartSplit.ByContent(images), PartSplit.ByContent(renamed));

        Assert.All(Parts(before).Zip(Parts(after)), parts => Assert.Equal(Keys(parts.First), Keys(parts.Second)));
    }

    [Fact]
    public void EqualFilesFallIntoOnePart()
    {
        ImageEntry[] images = [.. Enumerable.Range(0, 300).Select(i => Entries.One($"{i}.jpg", content: $"{i % 100}"))];

        var split = PartSplit.ByContent(images);

        var (train, calibration, test) = (Keys(split.Train), Keys(split.Calibration), Keys(split.Test));
        Assert.Empty(train.Intersect(calibration));
        Assert.Empty(train.Intersect(test));
        Assert.Empty(calibration.Intersect(test));
        Assert.Equal(300, split.Train.Count + split.Calibration.Count + split.Test.Count);
    }

    [Fact]
    public void OneMorePictureMovesFew()
    {
        var images = Entries.Some(1000);
        var before = PartOf(PartSplit.ByContent(images));

        for (var i = 0; i < 20; i++)
        {
            var after = PartOf(PartSplit.ByContent([.. images, Entries.One($"new{i}.jpg")]));

            Assert.InRange(images.Count(image => before[image.Name] != after[image.Name]), 0, 2);
        }
    }

    [Fact]
    public void HeldOutPartsCanBeCapped()
    {
        var split = PartSplit.ByContent(Entries.Some(1000), maxHeldOut: 40);

        Assert.Equal((920, 40, 40), (split.Train.Count, split.Calibration.Count, split.Test.Count));
    }

    [Fact]
    public void PartsAreInNameOrder() => Assert.All(Parts(PartSplit.ByContent(Entries.Some(100))), part =>
        Assert.Equal(part.OrderBy(image => image.Name, StringComparer.Ordinal), part));

    [Fact]
    public void GivenValidationFolderIsHalvedAndAllElseTrains()
    {
        var (train, validation) = (Entries.Some(50), Entries.Some(31, "other"));

        var split = PartSplit.WithValidation(train, validation);

        Assert.Equal(train, split.Train);
        Assert.Equal((16, 15), (split.Calibration.Count, split.Test.Count));
        Assert.Equal(validation, split.Calibration.Concat(split.Test).OrderBy(image => image.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void EqualFilesOfAValidationFolderStayTogether()
    {
        ImageEntry[] validation = [.. Enumerable.Range(0, 40).Select(i => Entries.One($"{i}.jpg", content: $"{i % 10}"))];

        var split = PartSplit.WithValidation(Entries.Some(5), validation);

        Assert.Empty(Keys(split.Calibration).Intersect(Keys(split.Test)));
    }

    private static IReadOnlyList<ImageEntry>[] Parts(PartSplit split) => [split.Train, split.Calibration, split.Test];

    private static HashSet<ulong> Keys(IEnumerable<ImageEntry> images) => [.. images.Select(image => image.ContentKey)];

    private static Dictionary<string, int> PartOf(PartSplit split) =>
        Parts(split).SelectMany((part, i) => part.Select(image => (image.Name, i))).ToDictionary(pair => pair.Name, pair => pair.i);

    private static void AssertSame(PartSplit one, PartSplit other) =>
        Assert.All(Parts(one).Zip(Parts(other)), parts => Assert.Equal(parts.First, parts.Second));
}
