using Trainer.Core.Platform;
using Xunit;

namespace Trainer.Core.Tests.Platform;

/// <summary>Tests the handling of wrong results with injected faults.</summary>
public sealed class TorchCheckTests
{
    private static readonly ConvolutionShape Deep = new(6, 4, 960, 320, Kernel: 1, Stride: 1, Groups: 1);
    private static readonly ConvolutionShape Stem = new(2, 32, 3, 32, Kernel: 3, Stride: 2, Groups: 1);
    private static readonly CheckedConvolution[] Right = [new(Stem, 1e-7, 2e-7), new(Deep, 3e-7, 1e-7)];
    private static readonly CheckedConvolution[] Wrong = [new(Stem, 1e-7, 2e-7), new(Deep, 0.54, 0.2)];

    [Fact]
    public void WhereAllIsRightNothingIsAvoided()
    {
        var check = TorchCheck.Settle(() => Right, () => throw new InvalidOperationException("oneDNN was switched off"), "AVX2");

        Assert.Equal((true, "AVX2", null, 3e-7), (check.IsRight, check.OneDnn, check.Avoided, check.WorstDeviation));
    }

    [Fact]
    public void WhatOneDnnGetsWrongIsComputedWithoutItAndSaid()
    {
        var isOff = false;

        var check = TorchCheck.Settle(() => isOff ? Right : Wrong, () => isOff = true, "AVX512_CORE");

        Assert.Equal((true, "off", 3e-7), (check.IsRight, check.OneDnn, check.WorstDeviation));
        Assert.Equal(
            $"libtorch's convolutions by oneDNN (AVX512_CORE) are wrong on this processor ({Processor.Name}): 1x1 [6, 960, 4, 4] to 320 is "
                + "off by 0.54 of the largest value. "
            + "They are computed without oneDNN, which takes longer. Without DNNL_MAX_CPU_ISA in the environment trainer chooses "
                + "instructions that are right on most processors.",
            check.Avoided);
    }

    [Fact]
    public void WhereTheLimitIsTrainersOwnNobodyIsToldToRemoveIt()
    {
        var isOff = false;

        var check = TorchCheck.Settle(() => isOff ? Right : Wrong, () => isOff = true, NativeEnvironment.SafeInstructions);

        Assert.EndsWith("without oneDNN, which takes longer.", check.Avoided, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "off")]
    [InlineData(false, "AVX2")]
    public void WhereNothingRightIsLeftItIsAnError(bool canSwitch, string oneDnn)
    {
        var check = TorchCheck.Settle(() => Wrong, () => canSwitch, "AVX2");

        Assert.False(check.IsRight);
        Assert.StartsWith(
            $"libtorch computes wrong results on this machine (1x1 [6, 960, 4, 4] to 320 is off by 0.54 of the largest value; "
                + $"{Processor.Name}, oneDNN {oneDnn})",
            check.Complaint(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void NoNumberIsTheWorstOfAll()
    {
        var check = new TorchCheck([new(Deep, 1e-7, 0.3), new(Stem, double.NaN, 1e-7)], "AVX2", null, 0);

        Assert.False(check.IsRight);
        Assert.True(double.IsNaN(check.WorstDeviation));
    }
}
