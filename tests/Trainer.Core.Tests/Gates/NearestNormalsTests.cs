using Trainer.Core.Gates;
using Trainer.Core.Metrics;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Gates;

public sealed class NearestNormalsTests
{
    private const int Size = 6;

    [Theory]
    [InlineData(40)]
    [InlineData(5)]
    [InlineData(2)] // fewer than are asked for
    public void CosineIsTheMeanOfThoseToTheNearestFive(int count)
    {
        var (normals, others) = (Drawn(count, seed: 1), Drawn(7, seed: 2));

        var cosines = NearestNormals.Cosines(normals, others);

        var expected = Enumerable.Range(0, others.Count).Select(i => Enumerable.Range(0, count)
            .Select(n => Cosine.Of(others[i], normals[n])).OrderDescending().Take(5).Average());
        Assert.All(cosines.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    private static EmbeddingSet Drawn(int count, ulong seed)
    {
        var random = new CounterRandom(seed);
        return new([.. Enumerable.Range(0, count * Size).Select(_ => (float)random.Next(-1, 1))], Size);
    }
}
