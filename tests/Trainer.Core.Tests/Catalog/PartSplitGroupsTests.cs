using Trainer.Core.Catalog;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Catalog;

public sealed class PartSplitGroupsTests
{
    [Fact]
    public void GroupsAreNeverParted()
    {
        var (images, groups) = Grouped(400, 90);

        var split = PartSplit.ByContent(images, groups);

        AssertWhole(images, groups, [split.Train, split.Calibration, split.Test]);
        Assert.All([split.Train, split.Calibration, split.Test], Assert.NotEmpty);
    }

    [Fact]
    public void GroupsOfAValidationFolderAreNeverParted()
    {
        var (images, groups) = Grouped(100, 30);

        var split = PartSplit.WithValidation(Entries.Some(10, "train"), images, groups);

        AssertWhole(images, groups, [split.Calibration, split.Test]);
        Assert.NotEmpty(split.Calibration);
        Assert.NotEmpty(split.Test);
    }

    [Fact]
    public void NeitherOrderNorTheNumbersOfGroupsMatter()
    {
        var (images, groups) = Grouped(300, 80);
        var order = Enumerable.Range(0, images.Length).ToArray();
        new CounterRandom(2).Shuffle(order.AsSpan());

        var split = PartSplit.ByContent(images, groups);
        var again = PartSplit.ByContent([.. order.Select(i => images[i])], [.. order.Select(i => 1000 - groups[i])]);

        AssertSame(split, again);
    }

    [Fact]
    public void GroupsOfOneChangeNothing()
    {
        var images = Entries.Some(200);

        var (plain, grouped) = (PartSplit.ByContent(images), PartSplit.ByContent(images, [.. Enumerable.Range(0, 200)]));

        AssertSame(plain, grouped);
    }

    [Fact]
    public void OneGroupOfAllTrains()
    {
        var split = PartSplit.ByContent(Entries.Some(20), new int[20]);

        Assert.Equal((20, 0, 0), (split.Train.Count, split.Calibration.Count, split.Test.Count));
    }

    private static (ImageEntry[] Images, int[] Groups) Grouped(int count, int groups)
    {
        var random = new CounterRandom(1, (ulong)count);
        return (Entries.Some(count), [.. Enumerable.Range(0, count).Select(_ => random.Next(groups))]);
    }

    /// <summary>Each picture is in exactly one part, and all pictures of a group are in the same part.</summary>
    private static void AssertWhole(ImageEntry[] images, int[] groups, IReadOnlyList<ImageEntry>[] parts)
    {
        var partOf = parts.SelectMany((part, i) => part.Select(image => (image.Name, Part: i)))
            .ToDictionary(pair => pair.Name, pair => pair.Part);
        Assert.Equal(images.Length, partOf.Count);
        Assert.All(images.Zip(groups).GroupBy(pair => pair.Second), group =>
            Assert.Single(group.Select(pair => partOf[pair.First.Name]).Distinct()));
    }

    private static void AssertSame(PartSplit one, PartSplit other)
    {
        Assert.Equal(one.Train, other.Train);
        Assert.Equal(one.Calibration, other.Calibration);
        Assert.Equal(one.Test, other.Test);
    }
}
