using Trainer.Core.Catalog;
using Xunit;

namespace Trainer.Core.Tests.Catalog;

public sealed class DataFingerprintTests
{
    private static readonly ImageEntry[] Images = Entries.Some(5);

    [Fact]
    public void SameDataHaveTheSameOne()
    {
        var fingerprint = DataFingerprint.Of(Images);

        Assert.Matches("^[0-9a-f]{32}$", fingerprint);
        Assert.Equal(fingerprint, DataFingerprint.Of(Entries.Some(5)));
    }

    [Fact]
    public void WhereTheFolderLiesDoesNotCount() =>
        Assert.Equal(DataFingerprint.Of(Images),
            DataFingerprint.Of([.. Images.Select(image => image with { Path = "/mnt/" + image.Name })]));

    [Fact]
    public void AnyChangeChangesIt()
    {
        IReadOnlyList<ImageEntry>[][] others =
        [
            [Images[1..]],
            [[.. Images, Entries.One("new.jpg")]],
            [[Images[0] with { Name = "renamed.jpg" }, .. Images[1..]]],
            [[Images[0] with { ContentKey = 1 }, .. Images[1..]]],
            [[Images[0] with { Length = 1 }, .. Images[1..]]],
            [Images[..2], Images[2..]], // the set that a picture belongs to matters
            [Images[..3], Images[3..]],
            [Images, []],
            [],
        ];

        var fingerprints = others.Select(sets => DataFingerprint.Of(sets)).Append(DataFingerprint.Of(Images));

        Assert.Equal(others.Length + 1, fingerprints.Distinct().Count());
    }
}
