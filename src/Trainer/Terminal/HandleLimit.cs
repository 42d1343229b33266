using System.Runtime.InteropServices;
using System.Text;

namespace Trainer.Terminal;

/// <summary>Refuses to start where the process may open too few files.</summary>
/// <remarks>
/// .NET opens its own parts when they are first needed, for as long as it runs. Once one can't be opened, its errors speak of files that are missing,
/// or it ends where nobody can catch it. So the handles are counted before anything else is done, by means that take none.
/// </remarks>
internal static partial class HandleLimit
{
    /// <summary>.NET has taken 20 by now; training takes 85 more, the demo's server 170 and one or two for each connection.</summary>
    public const int Needed = 256;

    /// <summary>True when the program may start; else it has said why not.</summary>
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
                $"error: trainer needs {Needed} more file handles than it has, and {free} are left: the limit is {limit}. Raise it ('ulimit -n 4096', or the container's settings), and start again.\n");
            _ = Write(StandardError, text, text.Length);
        }

        return free >= Needed;
    }

    /// <summary>How many files may be open at once; null where that isn't known.</summary>
    public static ulong? Limit()
    {
        const int OpenFilesOnLinux = 7, OpenFilesOnMac = 8; // RLIMIT_NOFILE
        return !OperatingSystem.IsWindows() && GetLimit(OperatingSystem.IsMacOS() ? OpenFilesOnMac : OpenFilesOnLinux, out var limits) == 0 ? limits.Now : null;
    }

    /// <summary>How many there are, up to what is needed.</summary>
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

    /// <summary>struct rlimit; .NET has raised what holds now to the most that is allowed.</summary>
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
