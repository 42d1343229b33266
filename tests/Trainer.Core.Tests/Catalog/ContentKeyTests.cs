using Trainer.Core.Catalog;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Catalog;

public sealed class ContentKeyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4096, 4095)] // the whole file is the first sample
    [InlineData(4097, 4096)] // the second sample is one byte
    [InlineData(6000, 5000)] // the samples would overlap
    [InlineData(20_000, 0)]
    [InlineData(20_000, 4095)]
    [InlineData(20_000, 20_000 - 4096)]
    [InlineData(20_000, 19_999)]
    public void OneByteInASampleChangesTheKey(int length, int changed)
    {
        var content = Content(length);
        var before = ContentKey.Of(folder.Write("a.jpg", content));
        content[changed] ^= 1;

        var after = ContentKey.Of(folder.Write("b.jpg", content));

        Assert.Equal(length, after.Length);
        Assert.NotEqual(before.Key, after.Key);
    }

    [Fact]
    public void NameAndTimeDoNotCount()
    {
        var path = folder.Write("a.jpg", Content(10_000));
        var before = ContentKey.Of(path);
        var moved = folder.PathOf("sub/other name.png");
        File.Move(path, moved);
        File.SetLastWriteTimeUtc(moved, new DateTime(2001, 2, 3, 0, 0, 0, DateTimeKind.Utc));

        Assert.Equal(before, ContentKey.Of(moved));
    }

    [Fact]
    public void LengthAloneChangesTheKey()
    {
        var zeros = ContentKey.Of(folder.Write("a", new byte[9000]));
        var moreZeros = ContentKey.Of(folder.Write("b", new byte[9001]));

        Assert.NotEqual(zeros.Key, moreZeros.Key);
    }

    [Fact]
    public void EmptyFileHasAKeyToo() => Assert.Equal(0, ContentKey.Of(folder.Write("empty.jpg")).Length);

    [Fact]
    public void MissingFileThrows() => Assert.Throws<FileNotFoundException>(() => ContentKey.Of(folder.PathOf("none.jpg")));

    private static byte[] Content(int length)
    {
        var random = new CounterRandom((ulong)length);
        var content = new byte[length];
        for (var i = 0; i < length; i++)
        {
            content[i] = (byte)random.NextUInt64();
        }

        return content;
    }
}
