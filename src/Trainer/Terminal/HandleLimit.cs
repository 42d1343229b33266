using System.Runtime.InteropServices;
using System.Text;

namespace Trainer.Terminal;

/// <summary>Refuses to start if the process may open too few files.</summary>
/// <remarks>
/// .NET opens its own assemblies when they are first needed, at any time. If one can't be opened, the errors speak of missing files, or
/// the process ends without an exception to catch. So the handles are counted before anything else, in a way that needs none.
/// </remarks>
internal static partial class HandleLimit
{
    /// <summary>
    /// File handles that must be free. .NET has taken 20 by now; training takes 85 more, and the demo's server 170 plus one or two per
    /// connection.
    /// </summary>
    public const int Needed = 256;

    /// <summary>True if the program may start; otherwise the reason is printed.</summary>
    public static bool Suffices()
    {
        if (Limit() is not { } limit)
        {
            return true;
        }

        var free = Free(limit);
        if (free < Needed)
        {
            const int StandardError = 2;
            var text = Encoding.UTF8.GetBytes(
                $"error: trainer needs {Needed} more file handles than it has, and {free} are left: the limit is {limit}. Raise it "
                    + "('ulimit -n 4096', or the container's settings), and start again.\n");
            _ = Write(StandardError, text, text.Length);
        }

        return free >= Needed;
    }

    /// <summary>Number of files that may be open at once; null if unknown.</summary>
    public static ulong? Limit()
    {
        const int OpenFilesOnLinux = 7, OpenFilesOnMac = 8; // RLIMIT_NOFILE
        return !OperatingSystem.IsWindows() && GetLimit(OperatingSystem.IsMacOS() ? OpenFilesOnMac : OpenFilesOnLinux, out var limits) == 0
            ? limits.Now : null;
    }

    /// <summary>Number of free handles, counted up to the needed number.</summary>
    private static int Free(ulong limit)
    {
        const int GetFlags = 1; // F_GETFD
        var free = 0;
        for (var handle = 0; (ulong)handle < limit && free < Needed; handle++)
        {
            free += Control(handle, GetFlags) < 0 ? 1 : 0;
        }

        return free;
    }

    /// <summary>struct rlimit. .NET has raised the current limit to the maximum.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public ulong Now;
        public ulong Most;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limits limits);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int handle, int command);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int handle, byte[] bytes, nint count);
}
