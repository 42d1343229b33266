using System.Runtime.InteropServices;

namespace Trainer.Core.Platform;

/// <summary>Switches of libtorch that TorchSharp doesn't offer: torch.backends.nnpack and torch.backends.mkldnn of Python.</summary>
/// <remarks>They are methods of C++'s at::Context, called by the names that compilers give them. A libtorch without those names is left as it is.</remarks>
internal static unsafe class TorchSwitches
{
    private static readonly string Library = OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";

    /// <summary>Keeps libtorch from NNPACK, which prints a warning with every convolution where it doesn't know the processor.</summary>
    /// <returns>False when it can't be done.</returns>
    public static bool SwitchOffNnpack() => Set("_ZN2at7Context20setUserEnabledNNPACKEb", "?setUserEnabledNNPACK@Context@at@@QEAAX_N@Z", on: false);

    /// <summary>Lets libtorch compute convolutions by itself or by oneDNN. By itself it takes much longer.</summary>
    /// <returns>False when it can't be done.</returns>
    public static bool SwitchOneDnn(bool on) => Set("_ZN2at7Context20setUserEnabledMkldnnEb", "?setUserEnabledMkldnn@Context@at@@QEAAX_N@Z", on);

    private static bool Set(string name, string nameOnWindows, bool on)
    {
        var windows = OperatingSystem.IsWindows();
        if (!NativeLibrary.TryLoad(Library, typeof(TorchSharp.torch).Assembly, null, out var library)
            || !NativeLibrary.TryGetExport(library, windows ? "?globalContext@at@@YAAEAVContext@1@XZ" : "_ZN2at13globalContextEv", out var context)
            || !NativeLibrary.TryGetExport(library, windows ? nameOnWindows : name, out var set))
        {
            return false;
        }

        ((delegate* unmanaged<void*, byte, void>)set)(((delegate* unmanaged<void*>)context)(), on ? (byte)1 : (byte)0);
        return true;
    }
}
