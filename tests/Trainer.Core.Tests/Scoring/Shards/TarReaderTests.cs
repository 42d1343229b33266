using System.Formats.Tar;
using System.Text;
using Trainer.Core.Randomness;
using Trainer.Core.Scoring.Shards;
using Xunit;
using TarReader = Trainer.Core.Scoring.Shards.TarReader;

namespace Trainer.Core.Tests.Scoring.Shards;

public sealed class TarReaderTests : IDisposable
{
    private static readonly (string Name, byte[] Content)[] Some =
        [("a/000.jpg", Bytes(700)), ("a/000.json", Bytes(0)), ("b.png", Bytes(512)), ("c.txt", Bytes(1))];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Pax)]
    public void EveryFormatOfTheLibraryIsRead(TarEntryFormat format) => AssertHolds(Some, Tars.Of(format, Some));

    [Theory]
    [InlineData(TarEntryFormat.Ustar, 200)] // in two parts
    [InlineData(TarEntryFormat.Gnu, 1000)] // before the header
    [InlineData(TarEntryFormat.Pax, 1000)]
    public void LongNamesAreRead(TarEntryFormat format, int length)
    {
        (string, byte[])[] files =
            [($"{new string('d', length / 2)}/{new string('f', (length / 2) - 5)}.jpg", Bytes(10)), ("short.jpg", Bytes(20))];

        AssertHolds(files, Tars.Of(format, files));
    }

    [Fact]
    public void NamesAreUtf8()
    {
        (string, byte[])[] files = [("Zürich/水稻.jpg", Bytes(10))];

        AssertHolds(files, Tars.Of(TarEntryFormat.Pax, files));
    }

    [Theory]
    [InlineData("--format=gnu")]
    [InlineData("--format=pax")]
    [InlineData("--format=ustar")]
    [InlineData("--format=v7")]
    public void TheSystemsTarIsRead(string format)
    {
        folder.Write("a/000.jpg", Bytes(700));
        folder.Write("b.png", Bytes(512));
        var packed = Tars.Packed(folder.Root, format);
        Assert.SkipWhen(packed is null, "The system has no tar that knows these formats.");

        AssertHolds([("./a/000.jpg", Bytes(700)), ("./b.png", Bytes(512))], packed, anyOrder: true);
    }

    [Fact]
    public void LinksAreNoFiles()
    {
        var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "a.jpg") { LinkName = "/etc/passwd" });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "b.jpg"));
        }

        Assert.All(Members(bytes.ToArray()), member => Assert.False(member.Header.IsFile));
    }

    [Fact]
    public void ATarThatBreaksOffAnywhereIsNone()
    {
        var whole = Tars.Of(TarEntryFormat.Pax, Some);
        for (var length = 512; length < whole.Length; length += 128) // also between two members, where other readers see an end
        {
            Assert.StartsWith("cut short", Reason(whole[..length]), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("the file is empty", "")]
    [InlineData("cut short: after 5 bytes there is no end of a tar", "hello")]
    [InlineData("compressed by gzip; name it as 'pipe:gzip -dc FILE.tar.gz'", "\x1f\x8b", 600)]
    [InlineData("not a tar", "<html>", 600)]
    public void WhatIsNoTarIsNamed(string reason, string start, int zeros = 0) =>
        Assert.Equal(reason, Reason([.. Encoding.Latin1.GetBytes(start), .. new byte[zeros]]));

    [Fact]
    public void OneTarBehindTheOtherIsReadToTheEnd() => AssertHolds([.. Some, .. Some], [.. Tars.Of(Some), .. Tars.Of(Some)]);

    [Fact]
    public void ZerosBehindTheEndAreNothing() => AssertHolds(Some, [.. Tars.Of(Some), .. new byte[9 * 512]]);

    [Fact]
    public void AnythingElseBehindTheEndIsAnError()
    {
        var tar = Tars.Of(Some);

        Assert.Equal($"damaged: the block before byte {tar.Length + 512} is no header of a tar",
            Reason([.. tar, .. Enumerable.Repeat((byte)'x', 512)]));
    }

    [Fact]
    public void AHoleOfZerosInTheMiddleIsNoEnd()
    {
        var tar = Tars.Of(("a.jpg", Bytes(512)), ("b.jpg", Bytes(512)));
        tar.AsSpan(1024, 512).Clear();

        Assert.StartsWith(
            "damaged: one block of zeros at byte 1024", Reason([.. tar[..1536], .. Tars.Of(("c.jpg", Bytes(1)))]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void AClaimOfTwoGigabytesTakesNoMemory()
    {
        foreach (var kind in "xL")
        {
            var tar = Tars.Of(("a.jpg", Bytes(512)));
            tar[156] = (byte)kind;
            "17777777777\0"u8.CopyTo(tar.AsSpan(124));
            Sum(tar);
            var before = GC.GetAllocatedBytesForCurrentThread();

            Assert.StartsWith("damaged: a description of 2147483647 bytes", Reason(tar), StringComparison.Ordinal);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    [Theory]
    [InlineData("17 path=x.jpg\n")] // longer than there is
    [InlineData("12 path=x.jpg\n")] // ends in the middle
    [InlineData("path=x.jpg\n")]
    [InlineData("11 size=-1\n")]
    [InlineData("11 size=1x\n")]
    public void DamagedExtendedHeadersAreErrors(string records)
    {
        var described = Tars.Of(("x", Encoding.ASCII.GetBytes(records)))[..1024];
        described[156] = (byte)'x';
        Sum(described);

        Assert.StartsWith("damaged", Reason([.. described, .. Tars.Of(Some)]), StringComparison.Ordinal);
    }

    [Fact]
    public void ASizeInTheExtendedHeaderCounts()
    {
        var described = Tars.Of(("x", "9 size=5\n"u8.ToArray()))[..1024];
        described[156] = (byte)'x';
        Sum(described);

        Assert.Equal(5, Members([.. described, .. Tars.Of(("a.jpg", Bytes(9)))])[0].Content.Length);
    }

    [Fact]
    public void SizesInBinaryAreRead()
    {
        var tar = Tars.Of(("a.jpg", Bytes(300)));
        new byte[] { 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 44 }.CopyTo(tar, 124);
        Sum(tar);

        Assert.Equal(300, Members(tar)[0].Content.Length);
    }

    /// <summary>Bytes changed at random: members come out or a reason, in no more memory than the tar has.</summary>
    [Fact]
    public void MutationsGiveMembersOrAReason()
    {
        var whole = Tars.Of(TarEntryFormat.Pax, Some);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 2000; i++)
        {
            var (random, mutated) = (new CounterRandom(3, (ulong)i), whole.ToArray());
            for (var left = 1 + random.Next(4); left > 0; left--)
            {
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            }

            try
            {
                _ = Members(mutated);
                read++;
            }
            catch (ShardException)
            {
                refused++;
            }
        }

        Assert.True(read > 0 && refused > 0, $"{read} read, {refused} refused: these mutations try nothing.");
    }

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7))];

    /// <summary>Writes the checksum of the first header.</summary>
    private static void Sum(byte[] tar)
    {
        "        "u8.CopyTo(tar.AsSpan(148));
        Encoding.ASCII.GetBytes($"{Convert.ToString(tar[..512].Sum(one => one), 8).PadLeft(6, '0')}\0 ").CopyTo(tar, 148);
    }

    private static void AssertHolds((string Name, byte[] Content)[] expected, byte[] tar, bool anyOrder = false)
    {
        var files = Members(tar).Where(member => member.Header.IsFile)
            .Select(member => (member.Header.Name, Convert.ToHexString(member.Content)));
        var wanted = expected.Select(file => (file.Name, Convert.ToHexString(file.Content)));

        Assert.Equal(anyOrder ? wanted.Order() : wanted, anyOrder ? files.Order() : files);
    }

    private static string Reason(byte[] tar) => Assert.Throws<ShardException>(() => Members(tar)).Message;

    private static List<(TarHeader Header, byte[] Content)> Members(byte[] tar)
    {
        var reader = new TarReader(new MemoryStream(tar));
        var members = new List<(TarHeader, byte[])>();
        while (reader.Next() is { } member)
        {
            members.Add((member, member.IsFile && member.Size < 1 << 20 ? reader.Content() : []));
        }

        return members;
    }
}
