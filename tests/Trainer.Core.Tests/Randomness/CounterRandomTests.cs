using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Randomness;

public sealed class CounterRandomTests
{
    [Fact]
    public void SameKeyGivesTheSameSequence() => Assert.Equal(First(100, 1, 2, 3), First(100, 1, 2, 3));

    /// <summary>The values were computed separately from the formulas. A change would give every old seed another meaning.</summary>
    [Fact]
    public void SequenceOfAKeyNeverChanges() =>
        Assert.Equal([16625674817739904961, 3555427967171571667, 2374889035391166072], First(3, 1, 2, 3));

    [Fact]
    public void EveryWordAndItsPlaceCount()
    {
        ulong[][] keys = [[], [0], [1], [0, 0], [1, 0], [0, 1], [1, 2], [2, 1], [1, 2, 0], [3], [ulong.MaxValue], [ulong.MaxValue, 0]];

        Assert.Equal(keys.Length, keys.Select(key => new CounterRandom(key).NextUInt64()).Distinct().Count());
    }

    [Fact]
    public void NeighbouringKeysHaveNothingInCommon()
    {
        var firsts = Enumerable.Range(0, 10_000).Select(i => new CounterRandom(1, (ulong)i).NextUInt64()).ToArray();

        Assert.Equal(10_000, firsts.Distinct().Count());
        Assert.InRange(firsts.Zip(firsts.Skip(1), (a, b) => ulong.PopCount(a ^ b)).Average(bits => (double)bits), 31.7, 32.3);
    }

    [Fact]
    public void CopyGoesOnByItself()
    {
        var random = new CounterRandom(1);
        var copy = random;

        Assert.Equal(random.NextUInt64(), copy.NextUInt64());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public void WholeNumbersAreBelowTheCountAndEquallyLikely(int count)
    {
        var random = new CounterRandom(5, (ulong)count);
        var times = new int[count];

        for (var i = 0; i < count * 1000; i++)
        {
            times[random.Next(count)]++;
        }

        Assert.All(times, t => Assert.InRange(t, count == 1 ? 1000 : 840, 1160)); // five standard deviations of 32
    }

    [Fact]
    public void FractionsFillZeroToOneEvenly()
    {
        var random = new CounterRandom(6);
        var tenths = new int[10];

        for (var i = 0; i < 10_000; i++)
        {
            var value = random.NextDouble();
            Assert.InRange(value, 0, Math.BitDecrement(1.0));
            tenths[(int)(value * 10)]++;
        }

        Assert.All(tenths, t => Assert.InRange(t, 850, 1150));
    }

    [Fact]
    public void RangeIsKept()
    {
        var random = new CounterRandom(7);

        for (var i = 0; i < 1000; i++)
        {
            Assert.InRange(random.Next(-3.0, -1.0), -3.0, -1.0);
        }
    }

    [Fact]
    public void ShuffleIsAPermutation()
    {
        var items = Enumerable.Range(0, 500).ToArray();

        new CounterRandom(8).Shuffle(items.AsSpan());

        Assert.NotEqual(Enumerable.Range(0, 500), items);
        Assert.Equal(Enumerable.Range(0, 500), items.Order());
    }

    [Fact]
    public void EveryOrderIsEquallyLikely()
    {
        var orders = Enumerable.Range(0, 6000).Select(i =>
        {
            char[] items = ['a', 'b', 'c'];
            new CounterRandom(9, (ulong)i).Shuffle(items.AsSpan());
            return new string(items);
        }).CountBy(order => order).ToArray();

        Assert.Equal(6, orders.Length);
        Assert.All(orders, order => Assert.InRange(order.Value, 855, 1145)); // 1000, five standard deviations of 29
    }

    [Fact]
    public void ShuffleOfNothingOrOneIsFine()
    {
        int[] one = [1];

        new CounterRandom(1).Shuffle(Span<int>.Empty);
        new CounterRandom(1).Shuffle(one.AsSpan());

        Assert.Equal([1], one);
    }

    private static ulong[] First(int count, params ReadOnlySpan<ulong> key)
    {
        var random = new CounterRandom(key);
        var numbers = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = random.NextUInt64();
        }

        return numbers;
    }
}
