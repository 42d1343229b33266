namespace Trainer.Core.Platform;

/// <summary>Tells a system that has no file handle left from a file that can't be read: the one ends the work, the other is skipped.</summary>
public static class FileHandles
{
    private const int OfTheSystem = 23; // ENFILE, on Linux and macOS
    private const int OfTheProcess = 24; // EMFILE

    /// <summary>True when opening failed for want of a handle.</summary>
    public static bool RanOut(Exception? e) => e is not null
        && ((!OperatingSystem.IsWindows() && e is IOException { HResult: OfTheProcess or OfTheSystem })
            || e.Message.Contains("Too many open files", StringComparison.OrdinalIgnoreCase)
            || (e is FileNotFoundException { FileName: { } name } && IsPartOfProgram(name))
            || RanOut(e.InnerException));

    /// <summary>True when there is none now: then even a program's own parts don't load, and their errors mislead.</summary>
    public static bool AreOut()
    {
        try
        {
            using var _ = File.OpenHandle(Environment.ProcessPath ?? "/");
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return RanOut(e);
        }
    }

    /// <summary>True for an assembly's full name whose file is there: .NET calls it missing all the same when it can't open it.</summary>
    private static bool IsPartOfProgram(string name) => name.Contains(", Version=", StringComparison.Ordinal)
        && AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is string paths
        && paths.Split(Path.PathSeparator).Any(path => name.StartsWith($"{Path.GetFileNameWithoutExtension(path)},", StringComparison.Ordinal) && File.Exists(path));

    /// <summary>What to say.</summary>
    public static TrainerException Error(Exception cause) =>
        new("The system has no file handle left, so nothing more can be read. Raise the limit ('ulimit -n 4096') or close other programs, and go on.", cause);
}
