using Trainer.Core.Training;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Training;

public sealed class WeightAverageTests
{
    private const double Tolerance = 1e-12; // float64

    [Theory]
    [InlineData(0.99)]
    [InlineData(0.5)]
    public void AgreesWithTheFormulaOverPlainNumbers(double decay)
    {
        using var scope = NewDisposeScope();
        double[] start = [1, -2, 3];
        var live = tensor((double[])start.Clone());
        using var average = new WeightAverage([live], decay);
        var (random, expected) = (new CounterRandom(1), (double[])start.Clone());

        for (var step = 0; step < 200; step++)
        {
            var share = Math.Min(decay, (1.0 + step) / (10.0 + step)); // grows: early weights are soon forgotten
            for (var i = 0; i < expected.Length; i++)
            {
                var value = random.Next(-1, 1);
                live[i] = value;
                expected[i] = (share * expected[i]) + ((1 - share) * value);
            }

            average.Update(step);
        }

        Assert.All(expected.Zip(average.Others.Single().data<double>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Fact]
    public void WithoutDecayItIsTheLiveWeights()
    {
        using var scope = NewDisposeScope();
        var live = rand(10);
        using var average = new WeightAverage([live], decay: 0);

        for (var step = 0; step < 5; step++)
        {
            live.copy_(rand(10));
            average.Update(step);
        }

        Assert.Equal(Bytes(live), Bytes(average.Others.Single()));
    }

    [Fact]
    public void UseSwapsAndRestoresExactly()
    {
        using var scope = NewDisposeScope();
        var (weights, rest) = (rand(7, 3), rand(5));
        using var average = new WeightAverage([weights, rest], decay: 0.9);
        weights.copy_(rand(7, 3));
        rest.copy_(rand(5));
        average.Update(0);
        byte[][] live = [Bytes(weights), Bytes(rest)], averages = [.. average.Others.Select(Bytes)];

        using (average.Use())
        {
            Assert.Equal(averages, [Bytes(weights), Bytes(rest)]);
            Assert.Equal(live, average.Others.Select(Bytes)); // what a checkpoint keeps beside them
        }

        Assert.Equal(live, [Bytes(weights), Bytes(rest)]);
        Assert.Equal(averages, average.Others.Select(Bytes));
    }

    [Fact]
    public void DisposingTwiceRestoresOnce()
    {
        using var scope = NewDisposeScope();
        var live = zeros(3);
        using var average = new WeightAverage([live], decay: 0.9);
        live.copy_(ones(3));
        var used = average.Use();

        used.Dispose();
        used.Dispose();

        Assert.Equal([1f, 1f, 1f], live.data<float>().ToArray());
    }

    [Fact]
    public void UseInTheMiddleChangesNothingLater()
    {
        Assert.Equal(Run(peek: false), Run(peek: true));

        static byte[] Run(bool peek)
        {
            using var scope = NewDisposeScope();
            _ = manual_seed(5);
            var live = rand(10);
            using var average = new WeightAverage([live], decay: 0.9);
            for (var step = 0; step < 8; step++)
            {
                live.copy_(rand(10));
                average.Update(step);
                if (peek)
                {
                    average.Use().Dispose();
                }
            }

            return [.. Bytes(live), .. Bytes(average.Others.Single())];
        }
    }

    [Fact]
    public void ParametersThatLearnCanBeAveraged()
    {
        using var scope = NewDisposeScope();
        var parameter = nn.Parameter(ones(4));
        using var average = new WeightAverage([parameter], decay: 0.9);
        (parameter * 2).sum().backward();

        average.Update(0);
        using (average.Use())
        {
            Assert.True(parameter.requires_grad);
        }

        Assert.False(average.Others.Single().requires_grad);
        Assert.NotNull(parameter.grad);
    }

    /// <summary>Batch norm's count of batches is a whole number; there is no average of it.</summary>
    [Fact]
    public void WholeNumbersAreLeftOut()
    {
        using var scope = NewDisposeScope();
        using var average = new WeightAverage([ones(2), ones(1, ScalarType.Int64)], decay: 0.9);

        Assert.Single(average.Others);
    }

    /// <summary>The reason for it all: the average lies nearer to the middle than the last step's noise.</summary>
    [Fact]
    public void AverageIsSteadierThanTheLastStep()
    {
        using var scope = NewDisposeScope();
        _ = manual_seed(6);
        var live = randn(1000);
        using var average = new WeightAverage([live], decay: 0.99);

        for (var step = 0; step < 1000; step++)
        {
            live.copy_(randn(1000));
            average.Update(step);
        }

        // The variance of such an average is (1 − d) / (1 + d) of the noise's: 0.005, a deviation of 0.071.
        Assert.Equal(0.0709, average.Others.Single().std().item<float>(), tolerance: 0.01);
    }

    private static byte[] Bytes(Tensor values) => values.bytes.ToArray();
}
