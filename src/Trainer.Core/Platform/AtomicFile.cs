using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Trainer.Core.Platform;

/// <summary>
/// Writes files so that a reader sees either the old content or the new, never half of it, even after a crash or a power cut.
/// </summary>
public static partial class AtomicFile
{
    /// <summary>Another machine's file that nobody wrote to for so long is a leftover. Clocks may differ by some of it.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);

    private static readonly ConcurrentDictionary<string, bool> InProgress = new(StringComparer.Ordinal);
    private static readonly string Host = NotInNames().Replace(Environment.MachineName, "-");

    /// <summary>Writes under a temporary name in the same folder, flushes to disk, renames, and flushes the folder.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="write">Writes the content. If it throws, the old file is left unchanged.</param>
    /// <param name="keepAs">The path to which the old file is renamed; null to replace it without keeping it.</param>
    /// <exception cref="TrainerException">The folder is read-only or doesn't exist, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write, string? keepAs = null)
    {
        ArgumentNullException.ThrowIfNull(write);
        var temporary = TemporaryOf(path);
        InProgress[temporary] = true;
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            if (keepAs is not null && File.Exists(path))
            {
                File.Move(path, keepAs, overwrite: true);
            }

            File.Move(temporary, path, overwrite: true);
            FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/");
        }
        // ArgumentOutOfRangeException: the file is larger than the file system or the shell allows.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            throw Refused(path, e);
        }
        finally
        {
            DeleteIfThere(temporary);
            InProgress.TryRemove(temporary, out _);
        }
    }

    /// <inheritdoc cref="Write(string, Action{Stream}, string)"/>
    public static void WriteText(string path, string text) => Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.Write(text);
    });

    /// <summary>Checks, before long work starts, that a file or folder can be created at this path. Leaves nothing behind.</summary>
    /// <exception cref="TrainerException">The parent folder is read-only or missing.</exception>
    public static void RequireWritable(string path)
    {
        try
        {
            File.Create(TemporaryOf(path), bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, e);
        }
    }

    /// <summary>Named by process and machine, since several machines may write into one folder, each with process ids of its own.</summary>
    private static string TemporaryOf(string path) => $"{path}.{Environment.ProcessId}@{Host}.tmp";

    private static TrainerException Refused(string path, Exception cause) => new(
        cause is DirectoryNotFoundException
            ? $"Can't write '{path}': there is no folder '{Path.GetDirectoryName(Path.GetFullPath(path))}'."
            : $"Can't write '{path}': {cause.Message.Replace(TemporaryOf(""), "", StringComparison.Ordinal).TrimEnd('.')}. What was there "
                + "before is untouched. Check the free space and the folder's permissions.",
        cause);

    /// <summary>True for the name of a file that was being written when its program was killed, or that is being written now.</summary>
    public static bool IsTemporary(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Temporary().IsMatch(path);
    }

    /// <summary>
    /// Deletes the temporary files that killed programs left in a folder. Files that a running program is writing are kept.
    /// </summary>
    public static void DeleteLeftovers(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => IsTemporary(file) && !IsWritten(file)).ToArray())
        {
            DeleteIfThere(file);
        }
    }

    /// <summary>Deletes the temporary files that this program is writing. Call it only when the process is about to exit early.</summary>
    public static void Abandon()
    {
        foreach (var temporary in InProgress.Keys)
        {
            DeleteIfThere(temporary);
        }
    }

    private static bool IsWritten(string temporary)
    {
        var parts = Temporary().Match(temporary).Groups;
        if (parts["host"] is { Success: true } host && host.Value != Host)
        {
            return DateTime.UtcNow - File.GetLastWriteTimeUtc(temporary) < LongestPause; // what runs there can't be seen from here
        }

        if (!int.TryParse(parts["process"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            || process == Environment.ProcessId)
        {
            return InProgress.ContainsKey(temporary); // the number may come again, after a restart of the machine or of a container
        }

        try
        {
            using var _ = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void DeleteIfThere(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ignored: the error that led here is the one worth reporting.
        }
    }

    /// <summary>A rename survives a power cut only if its folder is flushed as well. Windows does this by itself.</summary>
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(folder, 0); // O_RDONLY is 0 on every system
        if (handle >= 0)
        {
            _ = Flush(handle); // some file systems can't flush a folder; that isn't an error
            _ = Close(handle);
        }
    }

    [GeneratedRegex(@"\.(?<process>\d+)(?:@(?<host>[A-Za-z0-9-]+))?\.tmp$")] // earlier versions named no host
    private static partial Regex Temporary();

    [GeneratedRegex("[^A-Za-z0-9-]")]
    private static partial Regex NotInNames();

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
