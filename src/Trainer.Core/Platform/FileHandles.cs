namespace Trainer.Core.Platform;

/// <summary>Tells a shortage of file handles from an unreadable file. A shortage ends the run; an unreadable file is skipped.</summary>
public static class FileHandles
{
    private const int OfTheSystem = 23; // ENFILE, on Linux and macOS
    private const int OfTheProcess = 24; // EMFILE

    /// <summary>True when opening a file failed because no handle was left.</summary>
    public static bool RanOut(Exception? e) => e is not null
        && ((!OperatingSystem.IsWindows() && e is IOException { HResult: OfTheProcess or OfTheSystem })
            || e.Message.Contains("Too many open files", StringComparison.OrdinalIgnoreCase)
            || (e is FileNotFoundException { FileName: { } name } && IsPartOfProgram(name))
            || RanOut(e.InnerException));

    /// <summary>
    /// True when no handle is left now. Then not even the program's own assemblies load, and the errors about them are misleading.
    /// </summary>
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

    /// <summary>
    /// True for the full name of an assembly whose file exists. .NET reports such a file as missing when it only couldn't open it.
    /// </summary>
    private static bool IsPartOfProgram(string name) => name.Contains(", Version=", StringComparison.Ordinal)
        && AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is string paths
        && paths.Split(Path.PathSeparator)
            .Any(path => name.StartsWith($"{Path.GetFileNameWithoutExtension(path)},", StringComparison.Ordinal) && File.Exists(path));

    /// <summary>The error to report.</summary>
    public static TrainerException Error(Exception cause) =>
        new("The system has no file handle left, so nothing more can be read. "
            + "Raise the limit ('ulimit -n 4096') or close other programs, and try again.", cause);
}
