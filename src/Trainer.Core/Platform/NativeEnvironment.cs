using System.Globalization;
using System.Runtime.InteropServices;

namespace Trainer.Core.Platform;

/// <summary>The environment variables that configure native libraries. The libraries read them when they are loaded.</summary>
public static partial class NativeEnvironment
{
    /// <summary>The widest instructions that oneDNN, which computes libtorch's convolutions, may use. The user's own value wins.</summary>
    /// <remarks>With 512-bit vectors, oneDNN's 1x1 convolutions are wrong on some processors: docs/decisions/0022.</remarks>
    public const string OneDnnLimit = "DNNL_MAX_CPU_ISA";

    /// <summary>The limit that trainer sets.</summary>
    public const string SafeInstructions = "AVX2";

    private const string OneDnnLimitsOtherName = "ONEDNN_MAX_CPU_ISA"; // oneDNN reads this one first

    private static readonly Lazy<bool> Prepared = new(() =>
    {
        // Otherwise ONNX Runtime keeps a device id and a database of events in the user's cache folder, and sends them.
        Set("ORT_DISABLE_TELEMETRY", "1", overwrite: true);
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            Set(OneDnnLimit, SafeInstructions);
        }

        if (OperatingSystem.IsLinux())
        {
            // By default OpenMP's waiting threads spin. Once decoding needs a core too, training slows down to a tenth of its speed.
            // Spinning briefly before sleeping is a fifth faster on idle cores; with a longer spin, one busy core costs most of the speed.
            Set("OMP_WAIT_POLICY", "passive");
            Set("GOMP_SPINCOUNT", "3000");
            Set("OMPI_MCA_opal_signal", "6"); // otherwise Open MPI takes over SIGSEGV and SIGFPE, which .NET turns into exceptions
            Set("THP_MEM_ALLOC_ENABLE", "1"); // libtorch's switch for 2 MB pages
        }

        return true;
    });

    /// <summary>The widest instructions that oneDNN may use; null when there is no limit.</summary>
    public static string? OneDnnMayUse =>
        Environment.GetEnvironmentVariable(OneDnnLimitsOtherName) ?? Environment.GetEnvironmentVariable(OneDnnLimit)
        ?? (RuntimeInformation.ProcessArchitecture == Architecture.X64 ? SafeInstructions : null);

    /// <summary>Sets the variables that the user has not set, and always switches telemetry off.</summary>
    /// <remarks>Must be called before any native library is loaded. Later calls do nothing.</remarks>
    public static void Prepare() => _ = Prepared.Value;

    /// <summary>Lets CUDA see only one of the machine's GPUs, or one of those in the user's <c>CUDA_VISIBLE_DEVICES</c>.</summary>
    /// <remarks>Must be called before libtorch is loaded.</remarks>
    /// <param name="number">
    /// The 0-based number of this process on the machine. If there are fewer GPUs than processes, they are shared.
    /// </param>
    public static void ShowGpu(int number)
    {
        const string Visible = "CUDA_VISIBLE_DEVICES";
        string[] listed = Environment.GetEnvironmentVariable(Visible)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
        Set(Visible, listed.Length > 0 ? listed[number % listed.Length] : number.ToString(CultureInfo.InvariantCulture), overwrite: true);
    }

    /// <summary>
    /// Except on Windows, .NET's own setter changes only .NET's copy of the environment, which native libraries don't see.
    /// </summary>
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
