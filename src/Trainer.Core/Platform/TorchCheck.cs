using System.Diagnostics;
using TorchSharp;

namespace Trainer.Core.Platform;

/// <summary>Whether libtorch computes right on this machine, and what was done about it where it didn't.</summary>
/// <param name="Convolutions">As they are computed from now on.</param>
/// <param name="OneDnn">The widest instructions that oneDNN may use, "unlimited", or "off".</param>
/// <param name="Avoided">What went wrong and what is done instead, in a sentence; null where nothing did.</param>
/// <param name="Milliseconds">That the check took.</param>
public sealed record TorchCheck(IReadOnlyList<CheckedConvolution> Convolutions, string OneDnn, string? Avoided, double Milliseconds)
{
    internal const string Off = "off";

    /// <summary>True when every result is right up to rounding.</summary>
    public bool IsRight => Convolutions.All(convolution => convolution.IsRight);

    /// <summary>Of all results and gradients, a share of the largest value; NaN when one is no number.</summary>
    public double WorstDeviation => Worst(Convolutions).Worst;

    /// <summary>What to say where nothing right is left.</summary>
    public string Complaint() => $"libtorch computes wrong results on this machine ({Describe(Convolutions)}; {Processor.Name}, oneDNN {OneDnn}), and trainer found no way around it. "
        + "Try another --device, and please report it with what 'trainer doctor' prints.";

    /// <summary>Checks a device that libtorch was loaded for; switches oneDNN off where that is the way to right results.</summary>
    internal static TorchCheck On(torch.Device device)
    {
        var clock = Stopwatch.StartNew();
        var check = Settle(
            () => ConvolutionCheck.Run(device, ConvolutionCheck.ByLibtorch),
            () => device.type == DeviceType.CPU && TorchSwitches.SwitchOneDnn(on: false),
            NativeEnvironment.OneDnnMayUse ?? "unlimited");
        return check with { Milliseconds = clock.Elapsed.TotalMilliseconds };
    }

    /// <param name="compute">Computes all convolutions in the way that is in use.</param>
    /// <param name="switchOneDnnOff">Chooses the other way; false when there is none.</param>
    internal static TorchCheck Settle(Func<IReadOnlyList<CheckedConvolution>> compute, Func<bool> switchOneDnnOff, string limit)
    {
        var found = new TorchCheck(compute(), limit, null, 0);
        return found.IsRight || !switchOneDnnOff()
            ? found
            : new TorchCheck(
                compute(),
                Off,
                $"libtorch's convolutions by oneDNN ({limit}) are wrong on this processor ({Processor.Name}): {Describe(found.Convolutions)}. They are computed without oneDNN, which takes longer."
                    + (limit == NativeEnvironment.SafeInstructions ? "" : $" Without {NativeEnvironment.OneDnnLimit} in the environment trainer chooses instructions that are right on most processors."),
                0);
    }

    private static CheckedConvolution Worst(IReadOnlyList<CheckedConvolution> convolutions) =>
        convolutions.MaxBy(convolution => double.IsNaN(convolution.Worst) ? double.PositiveInfinity : convolution.Worst)!; // there are some

    private static string Describe(IReadOnlyList<CheckedConvolution> convolutions) =>
        FormattableString.Invariant($"{Worst(convolutions).Shape} is off by {Worst(convolutions).Worst:0.00} of the largest value");
}
