using System.Numerics;
using Trainer.Core.Catalog;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Catalog;

public sealed class NearGroupsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(15)]
    public void AgreesWithAllPairs(int bits)
    {
        var hashes = WithPlantedNeighbours(300, bits);

        var groups = GroupsOf(hashes, bits);

        Assert.Equal(AllPairs(hashes, bits), groups);
        Assert.InRange(groups.Distinct().Count(), 2, 290); // some are near, most are not
    }

    [Fact]
    public void SecondHashesAreComparedWithTheFirstOfOthersAlone()
    {
        // Some of 0 are near to the first of 1; those of 1 and 2 are near only to each other.
        ulong[] hashes = [0, 0x00FF00FF00FF00FF, 0x123456789ABCDEF0], others = [0x00FF00FF00FF00FE, 0xF0F0F0F0F0F0F0F0, 0xF0F0F0F0F0F0F0F1];

        Assert.Equal([0, 0, 2], NearGroups.Of(hashes, others, bits: 2, (_, _) => true));
        Assert.Equal([0, 1, 2], NearGroups.Of(hashes, [], bits: 2, (_, _) => true));
    }

    [Fact]
    public void NearOnesAreTogetherOnlyWhenTheyAreTheSame()
    {
        var asked = new List<(int, int)>();

        var groups = NearGroups.Of([0, 1, 3, ulong.MaxValue], [], bits: 2, (a, b) =>
        {
            asked.Add((a, b));
            return (a, b) == (1, 2);
        });

        Assert.Equal([0, 1, 1, 3], groups);
        Assert.Equal([(0, 1), (0, 2), (1, 2)], asked.Distinct().Order()); // never the far one
    }

    [Fact]
    public void ChainsAreOneGroup()
    {
        // Each is two bits from the next, and the ends are forty bits apart.
        ulong[] hashes = [0, ulong.MaxValue, .. Enumerable.Range(1, 20).Select(i => (1UL << (2 * i)) - 1)];

        var groups = GroupsOf(hashes, bits: 2);

        Assert.Equal([0, 1, .. Enumerable.Repeat(0, 20)], groups);
        Assert.Equal(22, GroupsOf(hashes, bits: 1).Distinct().Count());
    }

    [Fact]
    public void GroupIsTheIndexOfItsFirstMember() => Assert.Equal([0, 1, 0, 3, 1], GroupsOf([7, 900, 7, 123456789, 900], bits: 0));

    [Fact]
    public void GroupsDoNotDependOnTheOrder()
    {
        var hashes = WithPlantedNeighbours(200, 4);
        var order = Enumerable.Range(0, hashes.Length).ToArray();
        new CounterRandom(3).Shuffle(order.AsSpan());

        var (groups, shuffled) = (GroupsOf(hashes, 4), GroupsOf([.. order.Select(i => hashes[i])], 4));

        Assert.Equal(
            Sets(groups, Enumerable.Range(0, hashes.Length).ToArray()),
            Sets(shuffled, order));
    }

    [Fact]
    public void NothingHasNoGroups() => Assert.Empty(GroupsOf([], bits: 4));

    /// <summary>Tests the promise in the remarks of NearGroups; there would be five billion pairs.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task ManyHashesAreNotComparedPairByPair(int bits)
    {
        var random = new CounterRandom(4);
        var hashes = new ulong[100_000];
        foreach (ref var hash in hashes.AsSpan())
        {
            hash = random.NextUInt64();
        }

        hashes[99_999] = hashes[5];

        // Far more than it needs, far fewer than all pairs.
        var groups = await Task.Run(() => GroupsOf(hashes, bits)).WaitAsync(TimeSpan.FromSeconds(8));

        Assert.Equal(5, groups[99_999]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(16)]
    public void BitsOutsideTheirRangeAreRefused(int bits) => Assert.Throws<ArgumentOutOfRangeException>(() => GroupsOf([1, 2], bits));

    private static int[] GroupsOf(ulong[] hashes, int bits) => NearGroups.Of(hashes, [], bits, (_, _) => true);

    private static ulong[] WithPlantedNeighbours(int count, int bits)
    {
        var random = new CounterRandom(2, (ulong)bits);
        var hashes = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            hashes[i] = i < 20 || random.NextDouble() < 0.4 ? random.NextUInt64() : hashes[random.Next(i)];
            for (var flips = i < 20 ? 0 : random.Next(bits + 3); flips > 0; flips--) // some just too far
            {
                hashes[i] ^= 1UL << random.Next(64);
            }
        }

        return hashes;
    }

    /// <summary>Compares all pairs by two loops, and spreads the smaller group number until nothing changes.</summary>
    private static int[] AllPairs(ulong[] hashes, int bits)
    {
        var groups = Enumerable.Range(0, hashes.Length).ToArray();
        for (var changed = true; changed;)
        {
            changed = false;
            for (var a = 0; a < hashes.Length; a++)
            {
                for (var b = 0; b < hashes.Length; b++)
                {
                    if (BitOperations.PopCount(hashes[a] ^ hashes[b]) <= bits && groups[b] < groups[a])
                    {
                        groups[a] = groups[b];
                        changed = true;
                    }
                }
            }
        }

        return groups;
    }

    private static string[] Sets(int[] groups, int[] names) =>
        [.. groups.Zip(names).GroupBy(pair => pair.First, pair => pair.Second).Select(set => string.Join(' ', set.Order()))
            .Order(StringComparer.Ordinal)];
}
