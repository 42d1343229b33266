using System.Diagnostics;
using TorchSharp;

namespace Trainer.Core.Platform;

/// <summary>Whether libtorch computes correct results on this machine, and what was changed where it didn't.</summary>
/// <param name="Convolutions">The convolutions, checked in the way in which they are computed from now on.</param>
/// <param name="OneDnn">The widest instructions that oneDNN may use, "unlimited", or "off".</param>
/// <param name="Avoided">A sentence that says what was wrong and what is done instead; null when nothing was wrong.</param>
/// <param name="Milliseconds">How long the check took.</param>
public sealed record TorchCheck(IReadOnlyList<CheckedConvolution> Convolutions, string OneDnn, string? Avoided, double Milliseconds)
{
    internal const string Off = "off";

    /// <summary>True when every result is right up to rounding.</summary>
    public bool IsRight => Convolutions.All(convolution => convolution.IsRight);

    /// <summary>The largest deviation of any result or gradient, relative to the largest value; NaN when one of them is NaN.</summary>
    public double WorstDeviation => Worst(Convolutions).Worst;

    /// <summary>The error to report when no way to compute gives correct results.</summary>
    public string Complaint() =>
        $"libtorch computes wrong results on this machine ({Describe(Convolutions)}; {Processor.Name}, oneDNN {OneDnn}), and trainer found "
        + "no way around it. "
        + "Try another --device, and please report it with what 'trainer doctor' prints.";

    /// <summary>Checks a device after libtorch was loaded, and switches oneDNN off if its results are wrong.</summary>
    internal static TorchCheck On(torch.Device device)
    {
        var clock = Stopwatch.StartNew();
        var check = Settle(
            () => ConvolutionCheck.Run(device, ConvolutionCheck.ByLibtorch),
            () => device.type == DeviceType.CPU && TorchSwitches.SwitchOneDnn(on: false),
            NativeEnvironment.OneDnnMayUse ?? "unlimited");
        return check with { Milliseconds = clock.Elapsed.TotalMilliseconds };
    }

    /// <param name="compute">Computes and checks all convolutions, with the current setting.</param>
    /// <param name="switchOneDnnOff">Switches oneDNN off; returns false when that isn't possible.</param>
    internal static TorchCheck Settle(Func<IReadOnlyList<CheckedConvolution>> compute, Func<bool> switchOneDnnOff, string limit)
    {
        var found = new TorchCheck(compute(), limit, null, 0);
        return found.IsRight || !switchOneDnnOff()
            ? found
            : new TorchCheck(
                compute(),
                Off,
                $"libtorch's convolutions by oneDNN ({limit}) are wrong on this processor ({Processor.Name}): "
                    + $"{Describe(found.Convolutions)}. They are computed without oneDNN, which takes longer."
                    + (limit == NativeEnvironment.SafeInstructions ? ""
                        : $" Without {NativeEnvironment.OneDnnLimit} in the environment trainer chooses instructions that are right on "
                        + "most processors."),
                0);
    }

    private static CheckedConvolution Worst(IReadOnlyList<CheckedConvolution> convolutions) =>
        convolutions.MaxBy(convolution => double.IsNaN(convolution.Worst) ? double.PositiveInfinity : convolution.Worst)!; // never empty

    private static string Describe(IReadOnlyList<CheckedConvolution> convolutions) =>
        FormattableString.Invariant($"{Worst(convolutions).Shape} is off by {Worst(convolutions).Worst:0.00} of the largest value");
}
