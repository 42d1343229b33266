using System.Runtime.InteropServices;

namespace Trainer.Core.Platform;

/// <summary>Settings of libtorch that TorchSharp doesn't offer: Python's torch.backends.nnpack and torch.backends.mkldnn.</summary>
/// <remarks>
/// They are methods of the C++ class at::Context, called by their mangled names. A libtorch without those names is left unchanged.
/// </remarks>
internal static unsafe class TorchSwitches
{
    private static readonly string Library = OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS()
        ? "libtorch_cpu.dylib" : "libtorch_cpu.so";

    /// <summary>Stops libtorch from using NNPACK, which prints a warning at every convolution on processors that it doesn't know.</summary>
    /// <returns>False when this libtorch has no such setting.</returns>
    public static bool SwitchOffNnpack() =>
        Set("_ZN2at7Context20setUserEnabledNNPACKEb", "?setUserEnabledNNPACK@Context@at@@QEAAX_N@Z", on: false);

    /// <summary>Chooses whether libtorch computes convolutions by oneDNN. Without oneDNN they take much longer.</summary>
    /// <returns>False when this libtorch has no such setting.</returns>
    public static bool SwitchOneDnn(bool on) =>
        Set("_ZN2at7Context20setUserEnabledMkldnnEb", "?setUserEnabledMkldnn@Context@at@@QEAAX_N@Z", on);

    private static bool Set(string name, string nameOnWindows, bool on)
    {
        var windows = OperatingSystem.IsWindows();
        if (!NativeLibrary.TryLoad(Library, typeof(TorchSharp.torch).Assembly, null, out var library)
            || !NativeLibrary.TryGetExport(
                library, windows ? "?globalContext@at@@YAAEAVContext@1@XZ" : "_ZN2at13globalContextEv", out var context)
            || !NativeLibrary.TryGetExport(library, windows ? nameOnWindows : name, out var set))
        {
            return false;
        }

        ((delegate* unmanaged<void*, byte, void>)set)(((delegate* unmanaged<void*>)context)(), on ? (byte)1 : (byte)0);
        return true;
    }
}
