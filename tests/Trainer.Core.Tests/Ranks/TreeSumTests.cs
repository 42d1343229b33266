using Trainer.Core.Randomness;
using Trainer.Core.Ranks;
using Xunit;

namespace Trainer.Core.Tests.Ranks;

public sealed class TreeSumTests
{
    private static readonly float[] Numbers = [.. Draw(16)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(16)]
    public void TheOrderOfAdditionsIsThatOfABinaryTree(int count) => Assert.Equal(Slow(Numbers.AsSpan(0, count)), Sum(Numbers[..count]));

    /// <summary>So it doesn't matter who sums them.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(16)]
    public void SumsOfEqualPartsAddUpToTheSameBits(int parts) =>
        Assert.Equal(Sum(Numbers), Sum([.. Numbers.Chunk(Numbers.Length / parts).Select(Sum)]));

    [Fact]
    public void OneAfterTheOtherWouldBeOtherBits() => Assert.NotEqual(Sum(Numbers), Numbers.Aggregate((sum, next) => sum + next));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void AnyNumberOfRanksComesToTheSameBits(int size)
    {
        const int Length = 12;
        float[][] rows = [.. Enumerable.Range(0, 4).Select(_ => Draw(Length).ToArray())];
        float[] expected = [.. Enumerable.Range(0, Length).Select(i => Slow([.. rows.Select(row => row[i])]))];

        var sums = MemoryRanks.Run(size, ranks =>
        {
            var tree = new TreeSum<float[]>((left, right) => [.. left.Zip(right, (a, b) => a + b)]);
            Array.ForEach([.. rows.Chunk(rows.Length / size).ElementAt(ranks.Rank)], tree.Add);
            var row = tree.Total.ToArray();
            new RankSum(ranks, Length).Apply(row);
            return row;
        });

        Assert.All(sums, sum => Assert.Equal(expected, sum));
    }

    private static float Sum(float[] numbers)
    {
        var tree = new TreeSum<float>((left, right) => left + right);
        Array.ForEach(numbers, tree.Add);
        return tree.Total;
    }

    private static float Slow(ReadOnlySpan<float> numbers) =>
        numbers.Length == 1 ? numbers[0] : Slow(numbers[..(numbers.Length / 2)]) + Slow(numbers[(numbers.Length / 2)..]);

    private static IEnumerable<float> Draw(int count)
    {
        var random = new CounterRandom(7, 1);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(6))))];
    }
}
