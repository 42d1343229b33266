using Trainer.Core.Gates;
using Trainer.Core.Randomness;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Gates;

public sealed class LookAlikeAxisTests
{
    private const int Size = 5;

    [Fact]
    public void AxisIsFishersBetweenTheMeans()
    {
        double[][] normals = Drawn(40, seed: 1, shift: 0), lookAlikes = Drawn(12, seed: 2, shift: 0.8);
        var (mean, far) = (Mean(normals), Mean(lookAlikes));
        double[,] ofNormals = Covariance(normals, mean), ofOthers = Covariance(lookAlikes, far);

        var axis = Axis(normals, mean, ofNormals, lookAlikes);

        // w solves (S + ridge) w = μ − m, scaled so that w · (μ − m) = 1; written out
        var within = new double[Size, Size];
        var trace = 0.0;
        for (var i = 0; i < Size; i++)
        {
            for (var j = 0; j < Size; j++)
            {
                within[i, j] = (0.5 * ofNormals[i, j]) + (0.5 * ofOthers[i, j]);
            }

            trace += within[i, i];
        }

        var length = Enumerable.Range(0, Size).Sum(i => axis.Direction[i] * (far[i] - mean[i]));
        Assert.Equal(1, length, 1e-5);
        var ridge = 0.1 * trace / (normals.Length + lookAlikes.Length);
        var ratios = Enumerable.Range(0, Size).Select(i =>
            (Enumerable.Range(0, Size).Sum(j => within[i, j] * axis.Direction[j]) + (ridge * axis.Direction[i])) / (far[i] - mean[i]))
                .ToArray();
        Assert.All(ratios, ratio => Assert.Equal(ratios[0], ratio, 1e-4 * Math.Abs(ratios[0])));
    }

    [Fact]
    public void MeanLookAlikeLiesAtOneAndTheMeanPhotoAtAThird()
    {
        double[][] normals = Drawn(40, seed: 3, shift: 0), lookAlikes = Drawn(12, seed: 4, shift: 0.8);
        var mean = Mean(normals);

        var axis = Axis(normals, mean, Covariance(normals, mean), lookAlikes);

        Assert.Equal(1, axis.Place(Singles(Mean(lookAlikes))), 1e-5);
        Assert.Equal(1 / 3.0, axis.Place(Singles(mean)), 1e-5);
    }

    [Fact]
    public void LayerMeasuresTheDistanceByBoth()
    {
        double[][] normals = Drawn(40, seed: 5, shift: 0), lookAlikes = Drawn(12, seed: 6, shift: 0.8);
        var mean = Mean(normals);
        var axis = Axis(normals, mean, Covariance(normals, mean), lookAlikes);
        var head = new SubjectHead(new ClosedFormHead([.. new float[Size], 1, 2, 0, -1, 0.5f], [1, 0.25f], Size), axis);
        var photo = Singles(lookAlikes[0]);

        var layer = head.Layer(weight: 3);

        Assert.Equal(3, layer.EmbeddingSize);
        Assert.Equal(head.Place(photo).Total(weight: 3), layer.Distance(photo), 1e-4);
        Assert.Equal(Math.Sqrt(Math.Pow(head.Head.Distance(photo), 2) + (9 * Math.Pow(axis.Place(photo), 2))), layer.Distance(photo), 1e-4);
    }

    [Fact]
    public void WithoutLookAlikesTheHeadStaysAsItIs()
    {
        var head = new ClosedFormHead([.. new float[Size], 1, 2, 0, -1, 0.5f], [1, 0.25f], Size);

        Assert.Same(head, new SubjectHead(head, Axis: null).Layer(weight: 3));
    }

    private static LookAlikeAxis Axis(double[][] normals, double[] mean, double[,] covariance, double[][] lookAlikes)
    {
        using var scope = NewDisposeScope();
        using var sums = new FeatureSums(Size);
        sums.Add(Matrix(lookAlikes));
        return LookAlikeAxis.Of(tensor(mean), tensor(covariance), normals.Length, sums);
    }

    private static TorchSharp.torch.Tensor Matrix(double[][] rows) => tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, Size]);

    private static double[][] Drawn(int count, ulong seed, double shift)
    {
        var random = new CounterRandom(seed);
        return [.. Enumerable.Range(0, count)
            .Select(_ => Enumerable.Range(0, Size).Select(i => random.Next(-1, 1) + (i < 2 ? shift : 0)).ToArray())];
    }

    private static double[] Mean(double[][] rows) => [.. Enumerable.Range(0, Size).Select(i => rows.Average(row => row[i]))];

    private static double[,] Covariance(double[][] rows, double[] mean)
    {
        var result = new double[Size, Size];
        foreach (var row in rows)
        {
            for (var i = 0; i < Size; i++)
            {
                for (var j = 0; j < Size; j++)
                {
                    result[i, j] += (row[i] - mean[i]) * (row[j] - mean[j]) / rows.Length;
                }
            }
        }

        return result;
    }

    private static float[] Singles(double[] values) => Array.ConvertAll(values, value => (float)value);
}
