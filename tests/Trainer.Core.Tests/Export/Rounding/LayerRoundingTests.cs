using Trainer.Core.Export.Rounding;
using Trainer.Core.Randomness;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Export.Rounding;

public sealed class LayerRoundingTests
{
    private const int Inputs = 24, Outputs = 8, Samples = 200;

    [Fact]
    public void OutputStaysCloserThanByRoundingEachWeight()
    {
        using var scope = NewDisposeScope();
        var (samples, weights, bias) = Layer();
        var expected = Run(samples, weights, bias);

        var (rounded, corrected) = new LayerRounding(samples, samples, weights, bias).ToBytes();

        var careful = (Run(samples, rounded.Widened(), corrected) - expected).square().mean().item<float>();
        var plain = (Run(samples, Plain(weights), bias) - expected).square().mean().item<float>();
        Assert.InRange(careful, 0, plain / 3);
        Assert.NotEqual(0, careful);
    }

    [Fact]
    public void HalvesKeepTheOutputCloserThanCutWeights()
    {
        using var scope = NewDisposeScope();
        var (samples, weights, bias) = Layer();
        var expected = Run(samples, weights, bias);

        var (halves, corrected) = new LayerRounding(samples, samples, weights, bias).ToHalves();

        var careful = (Run(samples, halves, corrected) - expected).square().mean().item<float>();
        var cut = (Run(samples, Array.ConvertAll(weights, weight => (float)(Half)weight), bias) - expected).square().mean().item<float>();
        Assert.All(halves, weight => Assert.Equal(weight, (float)(Half)weight));
        Assert.InRange(careful, 0, cut / 2);
    }

    [Fact]
    public void ErrorOfTheLayersBeforeIsTakenUp()
    {
        using var scope = NewDisposeScope();
        var (samples, weights, bias) = Layer();
        var expected = Run(samples, weights, bias);
        var strayed = (samples * tensor(0.9f)) + tensor(0.2f);

        var (rounded, corrected) = new LayerRounding(samples, strayed, weights, bias).ToBytes();

        Assert.InRange((Run(strayed, rounded.Widened(), corrected) - expected).abs().max().item<float>(), 0, 0.05);
        Assert.InRange((Run(strayed, weights, bias) - expected).abs().max().item<float>(), 0.2, 10);
    }

    [Fact]
    public void ScalesAreFloat16AndValuesSymmetric()
    {
        using var scope = NewDisposeScope();
        var (samples, weights, bias) = Layer();

        var (rounded, _) = new LayerRounding(samples, samples, weights, bias).ToBytes();

        Assert.All(rounded.Scales, scale => Assert.Equal(scale, (float)(Half)scale));
        Assert.All(rounded.Values, value => Assert.InRange((int)value, -127, 127));
        Assert.Equal(Outputs * Inputs, rounded.Values.Length);
    }

    [Fact]
    public void LayerOfZerosStaysZero()
    {
        using var scope = NewDisposeScope();

        var (rounded, bias) =
            new LayerRounding(zeros(Samples, Inputs), zeros(Samples, Inputs), new float[Outputs * Inputs], new float[Outputs]).ToBytes();

        Assert.All(rounded.Widened(), weight => Assert.Equal(0, weight));
        Assert.All(bias, value => Assert.Equal(0, value));
    }

    /// <summary>Correlated inputs, like those of neighbouring channels.</summary>
    private static (Tensor Samples, float[] Weights, float[] Bias) Layer()
    {
        var random = new CounterRandom(5);
        var samples = new float[Samples * Inputs];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = (float)((i % Inputs % 4 == 0 ? 0 : samples[i - 1] * 0.9) + random.Next(0.0, 1.0));
        }

        return (tensor(samples, [Samples, Inputs]), Chance(Outputs * Inputs, ref random), Chance(Outputs, ref random));
    }

    private static float[] Chance(int count, ref CounterRandom random)
    {
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)random.Next(-1.0, 1.0);
        }

        return values;
    }

    private static Tensor Run(Tensor samples, float[] weights, float[] bias) =>
        nn.functional.linear(samples, tensor(weights, [Outputs, Inputs]), tensor(bias));

    private static float[] Plain(float[] weights) =>
        [.. weights.Chunk(Inputs)
            .SelectMany(row => row.Select(weight => MathF.Round(weight / (row.Max(MathF.Abs) / 127)) * (row.Max(MathF.Abs) / 127)))];
}
