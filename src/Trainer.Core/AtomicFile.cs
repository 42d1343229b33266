namespace Trainer.Core;

/// <summary>Writes files so that a reader sees the old content or the new, never half of it.</summary>
public static class AtomicFile
{
    /// <summary>Writes under a temporary name in the same folder, flushes to disk, then renames.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="write">Writes the content; when it throws, the old file stands as it was.</param>
    /// <exception cref="TrainerException">The folder is read-only or gone, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't write '{path}': {e.Message.TrimEnd('.')}. What was there before is untouched. "
                + "Check the free space and the folder's permissions.", e);
        }
        finally
        {
            DeleteIfThere(temporary);
        }
    }

    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    public static void WriteText(string path, string text) => Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.Write(text);
    });

    private static void DeleteIfThere(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that brought us here says more than this one could.
        }
    }
}
