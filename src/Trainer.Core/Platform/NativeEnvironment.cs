using System.Globalization;
using System.Runtime.InteropServices;

namespace Trainer.Core.Platform;

/// <summary>The environment variables by which native libraries are told how to behave; they read them when they are loaded.</summary>
public static partial class NativeEnvironment
{
    /// <summary>The widest instructions that oneDNN, which computes libtorch's convolutions, may use. The user's own value wins.</summary>
    /// <remarks>With vectors of 512 bits its 1x1 convolutions are wrong on some processors: docs/decisions/0022.</remarks>
    public const string OneDnnLimit = "DNNL_MAX_CPU_ISA";

    /// <summary>The limit that trainer sets.</summary>
    public const string SafeInstructions = "AVX2";

    private const string OneDnnLimitsOtherName = "ONEDNN_MAX_CPU_ISA"; // which oneDNN reads first

    private static readonly Lazy<bool> Prepared = new(() =>
    {
        Set("ORT_DISABLE_TELEMETRY", "1", overwrite: true); // ONNX Runtime else keeps a device id and a database of events in the user's cache folder, and sends them
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            Set(OneDnnLimit, SafeInstructions);
        }

        if (OperatingSystem.IsLinux())
        {
            // OpenMP's waiting threads spin by default; as soon as decoding wants a core too, training falls to a tenth.
            Set("OMP_WAIT_POLICY", "passive");
            Set("GOMP_SPINCOUNT", "3000"); // a moment first: a fifth faster on quiet cores; longer, and a busy core costs most of the rate
            Set("OMPI_MCA_opal_signal", "6"); // Open MPI else takes SIGSEGV and SIGFPE away from .NET, which makes exceptions of them
            Set("THP_MEM_ALLOC_ENABLE", "1"); // libtorch's own switch for pages of 2 MB
        }

        return true;
    });

    /// <summary>What limits oneDNN; null where it has no limit.</summary>
    public static string? OneDnnMayUse => Environment.GetEnvironmentVariable(OneDnnLimitsOtherName) ?? Environment.GetEnvironmentVariable(OneDnnLimit)
        ?? (RuntimeInformation.ProcessArchitecture == Architecture.X64 ? SafeInstructions : null);

    /// <summary>Sets what the user has not set (telemetry is off in any case); call before any native library is loaded. Later calls do nothing.</summary>
    public static void Prepare() => _ = Prepared.Value;

    /// <summary>Lets CUDA see one GPU of the machine; call before libtorch is loaded. Of the GPUs that the user's <c>CUDA_VISIBLE_DEVICES</c> lists, one of those.</summary>
    /// <param name="number">Number of this process among those of the machine, 0-based; where there are fewer GPUs, they are shared.</param>
    public static void ShowGpu(int number)
    {
        const string Visible = "CUDA_VISIBLE_DEVICES";
        string[] listed = Environment.GetEnvironmentVariable(Visible)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
        Set(Visible, listed.Length > 0 ? listed[number % listed.Length] : number.ToString(CultureInfo.InvariantCulture), overwrite: true);
    }

    /// <summary>.NET's own setter changes a copy of its own, which no native library sees, but on Windows.</summary>
    private static void Set(string name, string value, bool overwrite = false)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetEnvironment(name, value, overwrite ? 1 : 0);
        }
        else if (overwrite || Environment.GetEnvironmentVariable(name) is null)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
