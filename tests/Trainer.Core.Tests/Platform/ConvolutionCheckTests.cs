using TorchSharp;
using Trainer.Core.Platform;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Platform;

/// <summary>Tests the check with correct convolutions, and with convolutions that are wrong in one way.</summary>
public sealed class ConvolutionCheckTests
{
    private const double Rounding = 1e-5;
    private static readonly Scalar Half = 0.5; // held, as docs/decisions/0006 asks
    private static readonly Scalar NotANumber = double.NaN;

    /// <summary>Changes to a correct result, [N, O, E, E].</summary>
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Broken = new()
    {
        ["all numbers are halved"] = result => result.mul(Half),
        ["some channels are halved"] = result => cat([result[.., ..16].mul(Half), result[.., 16..]], 1),
        ["the last row of pixels is zero"] = result => cat([result[.., .., ..^1], zeros_like(result[.., .., ^1..])], 2),
        ["pictures are swapped"] = result => result.flip(0),
        ["a picture is no number"] = result => cat([result[..^1], result[^1..].mul(NotANumber)], 0),
    };

    public static TheoryData<string> Faults => [.. Broken.Keys];

    [Fact]
    public void LibtorchIsRightUpToRounding() =>
        Assert.All(ConvolutionCheck.Run(CPU, ConvolutionCheck.ByLibtorch), check => Assert.InRange(check.Worst, 1e-9, Rounding));

    [Fact]
    public void WithoutOneDnnItIsRightToo()
    {
        Assert.True(TorchSwitches.SwitchOneDnn(on: false));
        try
        {
            Assert.All(ConvolutionCheck.Run(CPU, ConvolutionCheck.ByLibtorch), check => Assert.InRange(check.Worst, 1e-9, Rounding));
        }
        finally
        {
            TorchSwitches.SwitchOneDnn(TorchRuntime.CheckOf(CPU).OneDnn != TorchCheck.Off);
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void AWrongResultIsFound(string fault)
    {
        var found = ConvolutionCheck.Run(CPU, (input, weights, shape) => Broken[fault](ConvolutionCheck.ByLibtorch(input, weights, shape)));

        Assert.All(found, check => Assert.False(check.IsRight, $"{check.Shape}: {check.Deviation}"));
    }

    [Fact]
    public void OnlyTheShapesThatAreWrongAreFound()
    {
        var found = ConvolutionCheck.Run(CPU, (input, weights, shape) => shape.Inputs == 960
            ? ConvolutionCheck.ByLibtorch(input, weights, shape).mul(Half)
            : ConvolutionCheck.ByLibtorch(input, weights, shape));

        Assert.All(found, check => Assert.Equal(check.Shape.Inputs != 960, check.IsRight));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void AWrongGradientIsFound(bool ofInput, bool ofWeights)
    {
        var found = ConvolutionCheck.Run(CPU, (input, weights, shape) =>
            ConvolutionCheck.ByLibtorch(
                ofInput ? WithHalfItsGradient(input) : input, ofWeights ? WithHalfItsGradient(weights) : weights, shape));

        Assert.All(found, check => Assert.InRange(check.Deviation, 0, Rounding));
        Assert.All(found, check => Assert.False(check.IsRight, $"{check.Shape}: {check.GradientDeviation}"));
    }

    [Fact]
    public void TheGeneratorOfTheSeedIsLeftWhereItIs()
    {
        manual_seed(7);
        var expected = rand(3).data<float>().ToArray();
        manual_seed(7);

        _ = ConvolutionCheck.Run(CPU, ConvolutionCheck.ByLibtorch);

        Assert.Equal(expected, rand(3).data<float>().ToArray());
    }

    private static Tensor WithHalfItsGradient(Tensor values) => values.mul(Half).add(values.detach().mul(Half));
}
