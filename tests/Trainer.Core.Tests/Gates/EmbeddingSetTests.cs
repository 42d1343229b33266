using System.Numerics.Tensors;
using Trainer.Core.Gates;
using Xunit;

namespace Trainer.Core.Tests.Gates;

public sealed class EmbeddingSetTests
{
    [Fact]
    public void EachIsBroughtToLengthOne()
    {
        var set = new EmbeddingSet(CentroidTests.Draw(20, 32, seed: 1), 32);

        Assert.Equal((20, 32), (set.Count, set.Size));
        for (var i = 0; i < set.Count; i++)
        {
            Assert.Equal(1, TensorPrimitives.Norm(set[i]), tolerance: 1e-6);
        }
    }

    [Fact]
    public void ZeroStaysZero() => Assert.Equal([0, 0], new EmbeddingSet([0, 0, 3, 4], 2)[0].ToArray());

    [Fact]
    public void ConcatKeepsTheOrder()
    {
        var set = EmbeddingSet.Concat([new EmbeddingSet([1, 0], 2), new EmbeddingSet([], 2), new EmbeddingSet([0, 1, 0, -1], 2)], 2);

        Assert.Equal(3, set.Count);
        Assert.Equal([0, -1], set[2].ToArray());
    }

    [Theory]
    [InlineData(5, 2)]
    [InlineData(4, 0)]
    public void LengthMustBeAMultipleOfTheSize(int length, int size) =>
        Assert.Throws<ArgumentException>(() => new EmbeddingSet(new float[length], size));
}
