using Trainer.Core.Scoring.Shards;
using Xunit;

namespace Trainer.Core.Tests.Scoring.Shards;

public sealed class ShardPatternTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a.tar", "a.tar")]
    [InlineData("s/{08..11}.tar", "s/08.tar s/09.tar s/10.tar s/11.tar")]
    [InlineData("{8..11}.tar", "8.tar 9.tar 10.tar 11.tar")]
    [InlineData("{a,b}{0..1}.tar", "a0.tar a1.tar b0.tar b1.tar")]
    [InlineData("pipe:cat{1..2}.tar|tee${X}", "pipe:cat1.tar|tee${X} pipe:cat2.tar|tee${X}")]
    public void BracesStandForNumbersAndAlternatives(string pattern, string expected) =>
        Assert.Equal(expected.Split(' '), ShardPattern.Expand(pattern).Select(shard => shard.Source));

    [Fact]
    public void WildcardsFindFilesInOrder()
    {
        foreach (var name in (string[])["x/b.tar", "x/a.tar", "y/c.tar", "y/c.json", "z/d.tar"])
        {
            folder.Write(name);
        }

        Assert.Equal(["x/a.tar", "x/b.tar", "y/c.tar"], Found("{x,y}/*.tar"));
        Assert.Equal(["x/a.tar", "x/b.tar", "y/c.tar", "z/d.tar"], Found("?/*.tar"));

        IEnumerable<string> Found(string pattern) =>
            ShardPattern.Expand($"{folder.Root}/{pattern}")
            .Select(shard => Path.GetRelativePath(folder.Root, shard.Source).Replace('\\', '/'));
    }

    [Fact]
    public void AWildcardWithoutAFileIsAnError() =>
        Assert.StartsWith($"No file matches '{folder.Root}/*.tar'.", Reason($"{folder.Root}/*.tar"), StringComparison.Ordinal);

    [Theory]
    [InlineData("{9..1}.tar", "'{9..1}' runs backwards: the smaller number comes first.")]
    [InlineData("{a,b}/0.tar",
        "'a/0.tar' and 'b/0.tar' would both be scored into '0.parquet'. Use a pattern and an --out for each folder.")]
    [InlineData("pipe:cat x",
        "'pipe:cat x' names no .tar, so that its scores would have no name. Name it at the end: 'pipe:cat x # 000000.tar'.")]
    public void WhatCantBeMeantIsAnError(string pattern, string reason) => Assert.Equal(reason, Reason(pattern));

    [Theory]
    [InlineData("a/b/0001.tar", "0001.parquet")]
    [InlineData("pipe:curl -sf 'https://x/y/0001.tar?sig=1' | cat", "0001.parquet")]
    [InlineData("pipe:gzip -dc 0001.tar.gz", "0001.parquet")]
    public void ScoresAreNamedAfterTheTar(string source, string name) => Assert.Equal(name, new Shard(source).OutputName);

    private static string Reason(string pattern) => Assert.Throws<TrainerException>(() => ShardPattern.Expand(pattern)).Message;
}
