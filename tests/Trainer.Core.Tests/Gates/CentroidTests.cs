using Trainer.Core.Gates;
using Trainer.Core.Metrics;
using Trainer.Core.Randomness;
using Xunit;

namespace Trainer.Core.Tests.Gates;

public sealed class CentroidTests
{
    private const double Tolerance = 1e-6;

    [Fact]
    public void IsTheDirectionOfTheMeanOfUnitEmbeddings()
    {
        const int Count = 30, Size = 16;
        var values = Draw(Count, Size, seed: 1);
        var mean = new double[Size];
        for (var i = 0; i < Count; i++)
        {
            double squares = 0;
            for (var d = 0; d < Size; d++)
            {
                squares += (double)values[(i * Size) + d] * values[(i * Size) + d];
            }

            for (var d = 0; d < Size; d++)
            {
                mean[d] += values[(i * Size) + d] / Math.Sqrt(squares) / Count;
            }
        }

        var centroid = Centroid.Of(new EmbeddingSet(values, Size));

        var length = Math.Sqrt(mean.Sum(v => v * v));
        Assert.Equal(Count, centroid.Count);
        Assert.Equal(length, centroid.Concentration, Tolerance);
        for (var d = 0; d < Size; d++)
        {
            Assert.Equal(mean[d] / length, centroid.Values[d], Tolerance);
        }
    }

    [Fact]
    public void LongEmbeddingsCountNoMoreThanShortOnes()
    {
        var centroid = Centroid.Of(new EmbeddingSet([1000, 0, 0, 0.001f], 2));

        Assert.Equal(Math.Sqrt(0.5), centroid.Values[0], Tolerance);
        Assert.Equal(Math.Sqrt(0.5), centroid.Values[1], Tolerance);
    }

    [Fact]
    public void ConcentrationIsOneWhereAllAgreeAndZeroWhereTheyCancelOut()
    {
        Assert.Equal(1, Centroid.Of(new EmbeddingSet([3, 4, 6, 8, 0.3f, 0.4f], 2)).Concentration, Tolerance);
        Assert.Equal(0, Centroid.Of(new EmbeddingSet([3, 4, -3, -4], 2)).Concentration, Tolerance);
        Assert.Equal(Math.Sqrt(0.5), Centroid.Of(new EmbeddingSet([1, 0, 0, 1], 2)).Concentration, Tolerance);
    }

    [Fact]
    public void LeaveOneOutFollowsFromTheCosineAlone()
    {
        var normals = new EmbeddingSet(Draw(count: 12, size: 16, seed: 3), 16);
        var centroid = Centroid.Of(normals);

        var actual = centroid.Cosines(normals).Select(centroid.LeaveOneOut);

        Assert.Equal(Centroid.LeaveOneOutCosines(normals), actual, (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(1, Centroid.Of(new EmbeddingSet([3, 4], 2)).LeaveOneOut(1));
    }

    [Fact]
    public void OneEmbeddingIsItsOwnCentroid()
    {
        var centroid = Centroid.Of(new EmbeddingSet([3, 4], 2));

        Assert.Equal([0.6f, 0.8f], centroid.Values);
        Assert.Equal(1, centroid.Concentration, Tolerance);
    }

    [Fact]
    public void CosinesAreThoseOfEachToTheCentroid()
    {
        var set = new EmbeddingSet(Draw(10, 8, seed: 2), 8);
        var centroid = Centroid.Of(set);

        var cosines = centroid.Cosines(set);

        Assert.Equal(Enumerable.Range(0, 10).Select(i => Cosine.Of(set[i], centroid.Values)), cosines);
    }

    [Fact]
    public void LeaveOneOutAgreesWithMakingEachCentroidAnew()
    {
        const int Count = 12, Size = 8;
        var set = new EmbeddingSet(Draw(Count, Size, seed: 3), Size);

        var cosines = Centroid.LeaveOneOutCosines(set);

        for (var i = 0; i < Count; i++)
        {
            var others = Enumerable.Range(0, Count).Where(other => other != i).SelectMany(other => set[other].ToArray()).ToArray();
            var centroid = Centroid.Of(new EmbeddingSet(others, Size));
            Assert.Equal(Cosine.Of(set[i], centroid.Values), cosines[i], Tolerance);
        }
    }

    [Fact]
    public void LeavingOneOutNeverPromisesMore()
    {
        var set = new EmbeddingSet(Draw(9, 16, seed: 4), 16);

        Assert.All(Centroid.Of(set).Cosines(set).Zip(Centroid.LeaveOneOutCosines(set)), pair => Assert.True(pair.Second < pair.First));
    }

    [Fact]
    public void LeaveOneOutOfFewIsDefined()
    {
        Assert.Equal([1f], Centroid.LeaveOneOutCosines(new EmbeddingSet([3, 4], 2)));
        Assert.Equal([], Centroid.LeaveOneOutCosines(new EmbeddingSet([], 2)));
        Assert.Equal([0f, 0f], Centroid.LeaveOneOutCosines(new EmbeddingSet([1, 0, 0, 1], 2)));
    }

    [Fact]
    public void NothingHasNoCentroid() => Assert.Throws<ArgumentException>(() => Centroid.Of(new EmbeddingSet([], 4)));

    [Fact]
    public void Sha256IsOfTheLittleEndianBytes()
    {
        var centroid = Centroid.Of(new EmbeddingSet([3, 4], 2));

        Assert.Equal([0.6f, 0.8f], centroid.Values);
        Assert.Equal("9d2c143dc5e2c8df311211d38cb9ed78357a179827854314aec553e5da319145", centroid.Sha256); // computed by Python's hashlib
    }

    internal static float[] Draw(int count, int size, ulong seed)
    {
        var random = new CounterRandom(seed);
        var values = new float[count * size];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(random.Next(-1, 1) + (i % size == 0 ? 0.8 : 0)); // pointing roughly the same way, like a subject's
        }

        return values;
    }
}
