using Trainer.Core.Gates;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Gates;

/// <summary>Against plain loops over the vectors.</summary>
public sealed class FeatureSumsTests
{
    private const int Size = 5;
    private const double Tolerance = 1e-10;

    [Theory]
    [InlineData(1)]
    [InlineData(4)] // as few as numbers in a vector: the vectors themselves are kept
    [InlineData(23)] // more: only their products are
    public void SumsAreThoseOfPlainLoops(int count)
    {
        var vectors = Vectors(count);
        using var sums = Sum(vectors, batch: 3);
        double[] centre = [0.1, -0.2, 0.3, 0, 1];

        using var mean = sums.Mean();
        using var scatter = sums.ScatterAbout(tensor(centre));

        Assert.Equal(count, sums.Count);
        Near([.. Enumerable.Range(0, Size).Select(i => vectors.Average(v => v[i]))], mean);
        Near(Scatter(vectors, centre), scatter);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(23)]
    public void AnotherProcessReadsThemToTheLastBit(int count)
    {
        using var sums = Sum(Vectors(count), batch: 3);
        var bytes = new MemoryStream();

        sums.Write(new BinaryWriter(bytes));
        bytes.Position = 0;
        using var read = FeatureSums.Read(new BinaryReader(bytes), Size);

        Assert.Equal(count, read.Count);
        Assert.Equal(sums.Mean().data<double>().ToArray(), read.Mean().data<double>().ToArray());
        Assert.Equal(sums.ScatterAbout(read.Mean()).data<double>().ToArray(), read.ScatterAbout(read.Mean()).data<double>().ToArray());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(23)]
    public void TheFactorsSquareIsTheScatter(int count)
    {
        using var sums = Sum(Vectors(count), batch: 2);
        using var centre = zeros(Size, dtype: ScalarType.Float64);

        using var factor = sums.FactorAbout(centre);
        using var square = factor.t().mm(factor);

        Assert.InRange(factor.shape[0], 1, Size);
        Near(Scatter(Vectors(count), new double[Size]), square, 1e-8);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 9)]
    [InlineData(9, 2)]
    [InlineData(9, 9)]
    public void PartsJoinToTheWhole(int first, int second)
    {
        var vectors = Vectors(first + second);
        using var joined = Sum(vectors[..first], batch: 4);
        using var other = Sum(vectors[first..], batch: 4);

        joined.Add(other);

        Assert.Equal(first + second, joined.Count);
        using var scatter = joined.ScatterAbout(zeros(Size, dtype: ScalarType.Float64));
        Near(Scatter(vectors, new double[Size]), scatter);
    }

    [Fact]
    public void NothingHasNoScatter()
    {
        using var sums = new FeatureSums(Size);

        using var scatter = sums.ScatterAbout(ones(Size, dtype: ScalarType.Float64));

        Near(new double[Size * Size], scatter);
    }

    private static double[][] Vectors(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, Size).Select(j => Math.Sin((7 * i) + (3 * j) + 1) + j).ToArray())];

    private static FeatureSums Sum(double[][] vectors, int batch)
    {
        var sums = new FeatureSums(Size);
        foreach (var part in vectors.Chunk(batch))
        {
            using var rows = tensor([.. part.SelectMany(v => v)], [part.Length, Size]);
            sums.Add(rows);
        }

        return sums;
    }

    private static double[] Scatter(double[][] vectors, double[] centre) =>
    [
        .. Enumerable.Range(0, Size)
        .SelectMany(i => Enumerable.Range(0, Size).Select(j => vectors.Sum(v => (v[i] - centre[i]) * (v[j] - centre[j])))),
    ];

    private static void Near(double[] expected, Tensor found, double tolerance = Tolerance)
    {
        var numbers = found.contiguous().data<double>().ToArray();
        Assert.Equal(expected.Length, numbers.Length);
        Assert.All(expected.Zip(numbers), pair => Assert.Equal(pair.First, pair.Second, tolerance * (1 + Math.Abs(pair.First))));
    }
}
