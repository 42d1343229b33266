using Trainer.Core.Gates;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Gates;

public sealed class ClosedFormHeadTests
{
    private const int Size = 6;

    [Fact]
    public void WithRoomForAllDirectionsTheDistanceIsMahalanobis()
    {
        double[] mean = [1, -1, 0.5, 0, 2, 0.25];
        var covariance = Covariance();
        using var ordinary = Ordinary(40);
        var head = Solve(mean, covariance, ordinary, embeddingSize: Size + 1);

        double[] picture = [0.3, 0.2, -1, 1, 1.5, 2];

        Assert.Equal(Mahalanobis(picture, mean, covariance), head.Distance(Array.ConvertAll(picture, x => (float)x)), 4);
    }

    [Fact]
    public void WithLessRoomTheDirectionsStayInWhichOrdinaryPhotosLieFarthest()
    {
        // The features are already white, so S is the identity. Ordinary photos vary only along the first two axes.
        using var ordinary = new FeatureSums(Size);
        using var rows = tensor(new double[] { 9, 0, 0, 0, 0, 0, -7, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, -4, 0, 0, 0, 0.01 }, [4, Size]);
        ordinary.Add(rows);
        var head = Solve(new double[Size], [.. Enumerable.Range(0, Size * Size).Select(i => i % (Size + 1) == 0 ? 1.0 : 0)], ordinary,
            embeddingSize: 3);

        Assert.Equal(5, head.Distance([3, 4, 0, 0, 0, 0]), 4);
        Assert.Equal(0, head.Distance([0, 0, 3, 4, 5, 0]), 2);
    }

    [Fact]
    public void ThePictureAtTheMeanLiesOnTheAxis()
    {
        double[] mean = [1, -1, 0.5, 0, 2, 0.25];
        using var ordinary = Ordinary(40);

        var head = Solve(mean, Covariance(), ordinary, embeddingSize: 4).With(3);

        Assert.Equal(0, head.Distance(Array.ConvertAll(mean, x => (float)x)), 4);
        Assert.Equal(3, head.Bias[0]);
        Assert.All(head.Weights[..Size], weight => Assert.Equal(0, weight));
    }

    [Fact]
    public void FewerOrdinaryPhotosThanDirectionsLeaveRowsAtZero()
    {
        using var ordinary = Ordinary(2);

        var head = Solve(new double[Size], Covariance(), ordinary, embeddingSize: 6);

        Assert.All(head.Weights[(3 * Size)..], weight => Assert.Equal(0, weight));
        Assert.Contains(head.Weights[Size..(3 * Size)], weight => weight != 0);
    }

    [Fact]
    public void NoOrdinaryPhotosAtAllAreNoError()
    {
        using var ordinary = new FeatureSums(Size);

        Assert.All(Solve(new double[Size], Covariance(), ordinary, embeddingSize: 3).Weights, weight => Assert.Equal(0, weight));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0.70710678)]
    [InlineData(3, 0.31622777)]
    public void CosinesFallWithTheDistance(double distance, double cosine)
    {
        Assert.Equal(cosine, ClosedFormHead.CosineAt(distance, constant: 1), 6);
        Assert.Equal(distance, ClosedFormHead.DistanceAt(ClosedFormHead.CosineAt(distance, 2), 2), 9);
    }

    private static ClosedFormHead Solve(double[] mean, double[] covariance, FeatureSums ordinary, int embeddingSize)
    {
        using var m = tensor(mean);
        using var s = tensor(covariance, [Size, Size]);
        return ClosedFormHead.Solve(m, s, ordinary, embeddingSize);
    }

    /// <summary>B Bᵀ + I/2 for an arbitrary B.</summary>
    private static double[] Covariance()
    {
        double B(int i, int j) => Math.Sin((5 * i) + (11 * j) + 2);
        return
        [
            .. Enumerable.Range(0, Size * Size).Select(at => (Row: at / Size, Column: at % Size))
                .Select(at => Enumerable.Range(0, Size).Sum(k => B(at.Row, k) * B(at.Column, k)) + (at.Row == at.Column ? 0.5 : 0)),
        ];
    }

    private static FeatureSums Ordinary(int count)
    {
        var sums = new FeatureSums(Size);
        using var rows = tensor([.. Enumerable.Range(0, count * Size).Select(i => 3 * Math.Cos((13 * i) + 1))], [count, Size]);
        sums.Add(rows);
        return sums;
    }

    /// <summary>√((x − m)ᵀ S⁻¹ (x − m)), by Gaussian elimination.</summary>
    private static double Mahalanobis(double[] picture, double[] mean, double[] covariance)
    {
        var difference = picture.Zip(mean, (x, m) => x - m).ToArray();
        var rows = Enumerable.Range(0, Size).Select(i => covariance[(i * Size)..((i + 1) * Size)].Append(difference[i]).ToArray())
            .ToArray();
        for (var i = 0; i < Size; i++)
        {
            for (var k = 0; k < Size; k++)
            {
                var factor = rows[k][i] / rows[i][i];
                for (var j = i; k != i && j <= Size; j++)
                {
                    rows[k][j] -= factor * rows[i][j];
                }
            }
        }

        return Math.Sqrt(Enumerable.Range(0, Size).Sum(i => difference[i] * rows[i][Size] / rows[i][i]));
    }
}
