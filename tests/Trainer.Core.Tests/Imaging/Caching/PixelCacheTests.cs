using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Caching;
using Xunit;

namespace Trainer.Core.Tests.Imaging.Caching;

public sealed class PixelCacheTests : IDisposable
{
    private const long Plenty = long.MaxValue;
    private static readonly int PictureBytes = Picture(0).Pixels.Length;

    private readonly TemporaryFolder folder = new();

    private string Root => folder.PathOf("cache");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WhatOneRunAddsTheNextFindsByteForByte()
    {
        Fill(Plenty, 1, 2, 3);

        using var next = PixelCache.Open(Root, Plenty);

        Assert.Equal(Picture(2).Pixels, next.Find(Key(2))?.Pixels);
        Assert.Equal((17, 11), (next.Find(Key(3))!.Width, next.Find(Key(3))!.Height));
        Assert.Null(next.Find(Key(4)));
        Assert.Null(next.Find(Key(2) with { Length = 1 })); // the file was changed since
        Assert.Null(next.Find(Key(2) with { ShorterSide = 256 }));
    }

    [Fact]
    public void APictureIsFoundInTheRunThatAddedIt()
    {
        using var cache = PixelCache.Open(Root, Plenty);
        cache.Add(Key(1), Picture(1));

        Assert.Equal(Picture(1).Pixels, cache.Find(Key(1))?.Pixels);
    }

    [Fact]
    public void OfManySmallSegmentsTheLastUsedStay()
    {
        for (var i = 0; i < PixelCache.MostSegments + 5; i++)
        {
            Fill(Plenty, i);
            // the one just written
            File.SetLastWriteTimeUtc(
                Directory.GetFiles(Root, "*.index").MaxBy(File.GetLastWriteTimeUtc)!, DateTime.UnixEpoch.AddDays(20_000 + i));
        }

        using var next = PixelCache.Open(Root, Plenty);

        Assert.Equal(PixelCache.MostSegments, Directory.GetFiles(Root, "*.pixels").Length);
        Assert.Equal(PixelCache.MostSegments, next.Count);
        Assert.NotNull(next.Find(Key(PixelCache.MostSegments + 4)));
        Assert.Null(next.Find(Key(0)));
    }

    [Fact]
    public void TwoProcessesAtOnceLoseNothing()
    {
        using (var one = PixelCache.Open(Root, Plenty))
        using (var other = PixelCache.Open(Root, Plenty))
        {
            Parallel.For(0, 100, i => (i % 2 == 0 ? one : other).Add(Key(i), Picture(i)));
        }

        using var next = PixelCache.Open(Root, Plenty);

        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(Picture(i).Pixels, next.Find(Key(i))?.Pixels));
    }

    [Fact]
    public void WhatACrashLeftUnfinishedIsNotThere()
    {
        Fill(Plenty, 1, 2, 3);
        var pixels = Directory.GetFiles(Root, "*.pixels").Single();
        using (var file = File.OpenWrite(pixels))
        {
            file.SetLength((2 * PictureBytes) + 10); // the third picture in parts
        }

        using (var index = new FileStream(pixels + ".index", FileMode.Append))
        {
            index.Write(new byte[20]); // part of a line
        }

        using var next = PixelCache.Open(Root, Plenty);

        Assert.Equal(2, next.Count);
        Assert.Null(next.Find(Key(3)));
        next.Add(Key(3), Picture(3));
        Assert.Equal(Picture(3).Pixels, next.Find(Key(3))?.Pixels);
    }

    [Theory]
    [InlineData(".pixels")]
    [InlineData(".index")]
    public void ChangedBytesAreNeverHandedOut(string which)
    {
        Fill(Plenty, 1);
        var path = Directory.GetFiles(Root, "*" + which).Single();
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);

        using var next = PixelCache.Open(Root, Plenty);

        Assert.Null(next.Find(Key(1)));
    }

    [Fact]
    public void TheOldestUnusedGoesWhenRoomIsNeeded()
    {
        Fill(Plenty, 1, 2);
        SetLastUse(days: 2);
        Fill(Plenty, 3, 4);
        SetLastUse(days: 1);

        using (var cache = PixelCache.Open(Root, 5 * PictureBytes))
        {
            Assert.NotNull(cache.Find(Key(3)));
            Array.ForEach([5, 6, 7], i => cache.Add(Key(i), Picture(i)));
            Assert.Null(cache.Find(Key(1)));
            Assert.NotNull(cache.Find(Key(7)));
            cache.Add(Key(8), Picture(8)); // what is in use stays
            Assert.Null(cache.Find(Key(8)));
            Assert.NotNull(cache.Find(Key(4)));
        }

        Assert.True(Directory.GetFiles(Root, "*.pixels").Sum(file => new FileInfo(file).Length) <= 5 * PictureBytes);
    }

    [Fact]
    public void AFolderThatCannotBeMadeIsAnEmptyCache()
    {
        File.WriteAllText(Root, "a file in its place");

        using var cache = PixelCache.Open(Root, Plenty);
        cache.Add(Key(1), Picture(1));

        Assert.Null(cache.Find(Key(1)));
    }

    private void Fill(long limit, params int[] pictures)
    {
        using var cache = PixelCache.Open(Root, limit);
        Array.ForEach(pictures, i => cache.Add(Key(i), Picture(i)));
    }

    private void SetLastUse(int days)
    {
        foreach (var index in Directory.GetFiles(Root, "*.index")
            .Where(file => File.GetLastWriteTimeUtc(file) > DateTime.UtcNow.AddHours(-12)))
        {
            File.SetLastWriteTimeUtc(index, DateTime.UtcNow.AddDays(-days));
        }
    }

    private static PictureKey Key(int i) => new((ulong)i * 7, 1000 + i, 192);

    private static RgbImage Picture(int i)
    {
        var pixels = new byte[17 * 11 * 3];
        new Random(i).NextBytes(pixels);
        return new RgbImage(17, 11, pixels);
    }
}
