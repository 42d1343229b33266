using System.Runtime.InteropServices;
using TorchSharp;

namespace Trainer.Core;

/// <summary>Sets libtorch up before its first use: threads that yield, and the device.</summary>
public static partial class TorchRuntime
{
    /// <summary>Names that <see cref="Prepare"/> takes for a device.</summary>
    public static readonly IReadOnlyList<string> Devices = ["auto", "cpu", "cuda", "mps"];

    /// <summary>One for each core, as far as that helps: the last layers of a batch are too small to be shared by more than 16.</summary>
    public static int DefaultThreads => Math.Min(Environment.ProcessorCount, 16);

    /// <summary>Call once, before anything else touches TorchSharp.</summary>
    /// <param name="device">One of <see cref="Devices"/>; auto takes the first of cuda, mps, cpu that is there.</param>
    /// <param name="threads">Threads for one operation on the CPU; 0 means <see cref="DefaultThreads"/>.</param>
    /// <exception cref="TrainerException">The device isn't there, or libtorch doesn't load.</exception>
    public static torch.Device Prepare(string device, int threads)
    {
        LetIdleThreadsSleep();
        KeepFreedMemory();
        try
        {
            torch.set_num_threads(threads > 0 ? threads : DefaultThreads);
            return torch.device(Resolve(device));
        }
        catch (Exception e) when (e is NotSupportedException or DllNotFoundException or TypeInitializationException)
        {
            throw new TrainerException($"libtorch doesn't load on this system: {e.GetBaseException().Message.Split('\n')[0].Trim()}", e);
        }
    }

    private static string Resolve(string device)
    {
        if (!Devices.Contains(device))
        {
            throw new TrainerException($"--device is {device}; it must be one of {string.Join(", ", Devices)}.");
        }

        bool Has(string name) => name switch
        {
            "cuda" => torch.cuda.is_available(),
            "mps" => torch.mps_is_available(),
            _ => true,
        };
        if (device == "auto")
        {
            return Has("cuda") ? "cuda" : Has("mps") ? "mps" : "cpu";
        }

        return Has(device)
            ? device
            : throw new TrainerException($"--device {device}: this build or machine has none. Use --device auto or cpu"
                + (device == "cuda" ? ", or build with -p:TorchBackend=cuda on a machine with an NVIDIA GPU." : "."));
    }

    /// <summary>
    /// OpenMP's waiting threads spin by default; as soon as decoding wants a core too, training falls to a tenth. libgomp reads
    /// the environment when it is loaded, from the C library, which .NET's own setter doesn't reach.
    /// </summary>
    private static void LetIdleThreadsSleep()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetEnvironment("OMP_WAIT_POLICY", "passive", 0);
            _ = SetEnvironment("GOMP_SPINCOUNT", "3000", 0); // a moment first: a fifth faster on quiet cores; longer, and a busy core costs most of the rate
        }
    }

    /// <summary>
    /// A step's activations are blocks of up to 50 MB. By default glibc gives each back to the system when it is freed, and the next step
    /// waits for the same pages to be cleared again: a fifth of the time. Kept, they are reused; in pages of 2 MB they are reached faster.
    /// </summary>
    private static void KeepFreedMemory()
    {
        if (OperatingSystem.IsLinux())
        {
            const int TrimThreshold = -1, MapThreshold = -3; // of malloc.h
            _ = SetMallocOption(MapThreshold, 1 << 30);
            _ = SetMallocOption(TrimThreshold, -1); // never
            _ = SetEnvironment("THP_MEM_ALLOC_ENABLE", "1", 0); // libtorch's own switch
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetMallocOption(int option, int value);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
