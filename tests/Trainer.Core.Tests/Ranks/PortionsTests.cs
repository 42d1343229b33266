using Trainer.Core.Ranks;
using Xunit;

namespace Trainer.Core.Tests.Ranks;

public sealed class PortionsTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 10)]
    [InlineData(4, 3)] // fewer things than portions: some are empty
    [InlineData(4, 0)]
    public void AllRanksTogetherDoEverythingOnceAndInOrder(int size, int length)
    {
        var found = MemoryRanks.Run(size, ranks =>
        {
            var portions = new Portions(ranks, 4);
            int[] own = [.. portions.Own(length).SelectMany(portion => portion.Of(Enumerable.Range(0, length).ToArray()))];
            return portions.OfAll(own, CancellationToken.None);
        });

        Assert.All(found, all => Assert.Equal(Enumerable.Range(0, length), all));
    }

    [Fact]
    public void PortionsDoNotDependOnTheRanks()
    {
        var alone = new Portions(new SingleRank(), 4).Own(11).ToArray();

        var shared = MemoryRanks.Run(2, ranks => new Portions(ranks, 4).Own(11).ToArray());

        Assert.Equal(alone, shared.SelectMany(own => own));
    }

    [Fact]
    public void OneThatIsAskedToStopStopsAll()
    {
        var stopped = MemoryRanks.Run(
            2, ranks => Record.Exception(() => new Portions(ranks, 2).OfAll([1], new CancellationToken(canceled: ranks.Rank == 1))));

        Assert.All(stopped, e => Assert.IsType<OperationCanceledException>(e));
    }

    [Fact]
    public void RanksThatDifferAreToldWhatAndHow()
    {
        var refused = MemoryRanks.Run(2, ranks => Record.Exception(() => Agreement.Require(
            ranks, new Dictionary<string, string> { ["the device"] = "cpu", ["--threads"] = ranks.Rank == 0 ? "1" : "2" })));

        Assert.All(refused, e =>
            Assert.StartsWith(
            "The ranks can't train together: --threads is 1 on rank 0 and 2 on rank 1.", Assert.IsType<TrainerException>(e).Message,
            StringComparison.Ordinal));
    }

    [Fact]
    public void RanksThatAgreeGoOn() => Assert.All(
        MemoryRanks.Run(2, ranks =>
            Record.Exception(() => Agreement.Require(ranks, new Dictionary<string, string> { ["the device"] = "cpu" }))), Assert.Null);
}
