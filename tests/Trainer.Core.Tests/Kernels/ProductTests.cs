using Trainer.Core.Kernels;
using Xunit;

namespace Trainer.Core.Tests.Kernels;

public sealed unsafe class ProductTests
{
    [Theory]
    [InlineData(1, 1, 8)]
    [InlineData(7, 16, 16)] // fewer rows than a tile
    [InlineData(8, 27, 32)]
    [InlineData(19, 24, 24)]
    [InlineData(300, 40, 72)] // several tasks, and an end in every direction
    [InlineData(16, 96, 320)] // several slices of columns
    public void MultipliesAsThreeLoopsDo(int rows, int steps, int columns)
    {
        using var team = new ThreadTeam(2);
        using Numbers a = new(rows * steps, 1), b = new(steps * columns, 2), bias = new(columns, 3), plus = new(rows * columns, 4),
            c = new(rows * columns, 5);
        using var packed = new AlignedBuffer();
        Packing.Pack(b.First, columns, 1, steps, columns, packed.For(Packing.Size(steps, columns)));

        Product.Multiply(team, a.First, packed.First, c.First, rows, steps, columns, new Epilogue(bias.First, plus.First, relu6: true));

        c.AreCloseTo(i => Math.Clamp(Sum(i) + bias[i % columns] + plus[i], 0, 6));

        double Sum(int i) => Enumerable.Range(0, steps).Sum(s => (double)a[(i / columns * steps) + s] * b[(s * columns) + (i % columns)]);
    }

    /// <summary>All that a network asks of a product's last step, each of which has code of its own.</summary>
    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    public void FinishesAsItIsTold(bool hasBias, bool hasPlus, bool relu6)
    {
        const int Rows = 16, Steps = 5;
        foreach (var columns in new[] { 8, 16, 24, 32, 56 })
        {
            using Numbers a = new(Rows * Steps, 1), b = new(Steps * columns, 2), bias = new(columns, 3), plus = new(Rows * columns, 4),
                c = new(Rows * columns, 5);
            using var packed = new AlignedBuffer();
            Packing.Pack(b.First, columns, 1, Steps, columns, packed.For(Packing.Size(Steps, columns)));

            Product.Multiply(
                ThreadTeam.Alone, a.First, packed.First, c.First, Rows, Steps, columns,
                new Epilogue(hasBias ? bias.First : null, hasPlus ? plus.First : null, relu6));

            c.AreCloseTo(i =>
            {
                var sum = Enumerable.Range(0, Steps).Sum(s => (double)a[(i / columns * Steps) + s] * b[(s * columns) + (i % columns)]);
                sum += (hasBias ? bias[i % columns] : 0) + (hasPlus ? plus[i] : 0);
                return relu6 ? Math.Clamp(sum, 0, 6) : sum;
            });
        }
    }

    [Fact]
    public void MaskTakesWhereReluCut()
    {
        const int Rows = 9, Steps = 5, Columns = 40;
        using Numbers a = new(Rows * Steps, 1), b = new(Steps * Columns, 2), results = new(Rows * Columns, 3, low: -3, high: 9),
            c = new(Rows * Columns, 4);
        using var packed = new AlignedBuffer();
        Packing.Pack(b.First, Columns, 1, Steps, Columns, packed.For(Packing.Size(Steps, Columns)));

        Product.Multiply(ThreadTeam.Alone, a.First, packed.First, c.First, Rows, Steps, Columns, new Epilogue(mask: results.First));

        c.AreCloseTo(i =>
            results[i] is > 0 and < 6
            ? Enumerable.Range(0, Steps).Sum(s => (double)a[(i / Columns * Steps) + s] * b[(s * Columns) + (i % Columns)]) : 0);
    }

    [Theory]
    [InlineData(3, 8, 8, 1)]
    [InlineData(300, 24, 40, 1)]
    [InlineData(300, 32, 16, 8)]
    [InlineData(5, 16, 8, 8)] // more groups than rows
    public void WeightGradientsAreSumsOverAllPixels(int rows, int inputs, int outputs, int groups)
    {
        using var team = new ThreadTeam(3);
        using Numbers dy = new(rows * outputs, 1), x = new(rows * inputs, 2), sums = new(groups * inputs * outputs, 3),
            constants = new(groups * outputs, 4);
        var into = new GradientSums(sums.First, constants.First, groups, inputs * outputs, outputs);

        Product.WeightGradients(team, dy.First, x.First, into, rows, inputs, outputs);
        into.Join(team);

        for (var output = 0; output < outputs; output++)
        {
            Assert.Equal(Enumerable.Range(0, rows).Sum(r => (double)dy[(r * outputs) + output]), constants[output], 1e-4);
            for (var input = 0; input < inputs; input++)
            {
                Assert.Equal(Enumerable.Range(0, rows).Sum(r => (double)dy[(r * outputs) + output] * x[(r * inputs) + input]),
                    sums[(output * inputs) + input], 1e-4);
            }
        }
    }
}
