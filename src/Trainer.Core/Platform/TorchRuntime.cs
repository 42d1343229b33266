using System.Runtime.InteropServices;
using TorchSharp;

namespace Trainer.Core.Platform;

/// <summary>
/// The one place that starts libtorch: sets its threads, resolves the device, and checks that its convolutions are right there.
/// </summary>
public static partial class TorchRuntime
{
    private static readonly Dictionary<DeviceType, TorchCheck> Checks = new();

    /// <summary>The device names that <see cref="Prepare"/> accepts.</summary>
    public static readonly IReadOnlyList<string> Devices = ["auto", "cpu", "cuda", "mps"];

    /// <summary>The version of libtorch; null until it is loaded.</summary>
    public static string? LibtorchVersion { get; private set; }

    /// <summary>One thread per core, up to 16: the last layers' feature maps are too small to be shared by more threads.</summary>
    public static int DefaultThreads => Math.Min(Environment.ProcessorCount, 16);

    /// <summary>
    /// Must be called before anything else uses TorchSharp. The first call for a device checks libtorch's convolutions on it.
    /// </summary>
    /// <param name="device">One of <see cref="Devices"/>; auto takes the first of cuda, mps and cpu that is available.</param>
    /// <param name="threads">Threads for one operation on the CPU; 0 means <see cref="DefaultThreads"/>.</param>
    /// <param name="tell">Gets a sentence about what had to be avoided on this machine; only the first call for a device calls it.</param>
    /// <exception cref="TrainerException">
    /// The device isn't available, libtorch doesn't load, or it computes wrong results that can't be avoided.
    /// </exception>
    public static torch.Device Prepare(string device, int threads, Action<string> tell)
    {
        ArgumentNullException.ThrowIfNull(tell);
        var (used, check, isNew) = Examine(device, threads);
        if (isNew && check.Avoided is { } avoided)
        {
            tell(avoided);
        }

        return check.IsRight ? used : throw new TrainerException(check.Complaint());
    }

    /// <summary>The same as <see cref="Prepare"/>, but wrong results are returned for the caller to handle.</summary>
    /// <returns>The device, the result of its check, and whether this call made the check.</returns>
    /// <exception cref="TrainerException">The device isn't available, or libtorch doesn't load.</exception>
    public static (torch.Device Device, TorchCheck Check, bool IsNew) Examine(string device, int threads)
    {
        NativeEnvironment.Prepare();
        KeepFreedMemory();
        LoadLibrary();
        try
        {
            torch.set_num_threads(threads > 0 ? threads : DefaultThreads);
            LibtorchVersion = torch.__version__;
            _ = TorchSwitches.SwitchOffNnpack();
            var used = torch.device(Resolve(device));
            lock (Checks)
            {
                var isNew = !Checks.TryGetValue(used.type, out var check);
                return (used, Checks[used.type] = check ?? TorchCheck.On(used), isNew);
            }
        }
        catch (Exception e) when (e is NotSupportedException or DllNotFoundException or TypeInitializationException)
        {
            throw new TrainerException($"libtorch doesn't load on this system: {e.GetBaseException().Message.Split('\n')[0].Trim()}", e);
        }
    }

    /// <summary>The check of a device that <see cref="Prepare"/> returned.</summary>
    public static TorchCheck CheckOf(torch.Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        lock (Checks)
        {
            return Checks[device.type];
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
            : throw new TrainerException($"--device {device} isn't available in this build or on this machine. Use --device auto or cpu"
                + (device == "cuda" ? ", or build with -p:TorchBackend=cuda on a machine with an NVIDIA GPU." : "."));
    }

    /// <summary>
    /// Loads the library before TorchSharp tries to. TorchSharp would print pages about its search, hide the reason of a failure, and copy
    /// libraries that it finds elsewhere into the program's folder. On Windows it is left to TorchSharp, which knows where libtorch's parts
    /// are.
    /// </summary>
    private static void LoadLibrary()
    {
        const string Library = "LibTorchSharp";
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                _ = NativeLibrary.Load(Library, typeof(torch).Assembly, null);
            }
        }
        catch (DllNotFoundException e)
        {
            // The message has a line for each place that was searched; most only say that the library isn't there.
            var reason = e.Message.Split('\n').Skip(1).FirstOrDefault(line =>
                line.Length > 0 && !(
                    line.Contains(Library, StringComparison.Ordinal) && line.Contains("o such file", StringComparison.Ordinal)));
            throw new TrainerException(
                $"libtorch doesn't load on this system: {reason ?? $"{Library} isn't among the program's files."} Build or unpack trainer "
                + "again; if that doesn't help, report this.", e);
        }
    }

    /// <summary>
    /// A step's activations are blocks of up to 50 MB. By default glibc returns each freed block to the system, and the next step waits
    /// while the system clears the same pages again, which costs a fifth of the time. With these settings glibc keeps the blocks for reuse.
    /// </summary>
    private static void KeepFreedMemory()
    {
        if (OperatingSystem.IsLinux())
        {
            const int TrimThreshold = -1, MapThreshold = -3; // of malloc.h
            _ = SetMallocOption(MapThreshold, 1 << 30);
            _ = SetMallocOption(TrimThreshold, -1); // never
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetMallocOption(int option, int value);
}
