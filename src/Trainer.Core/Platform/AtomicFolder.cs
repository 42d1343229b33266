namespace Trainer.Core.Platform;

/// <summary>Writes folders so that a reader sees either the old folder or the new one, never a mixture.</summary>
internal static class AtomicFolder
{
    /// <summary>Fills a new folder beside the old one, then replaces the old one with it.</summary>
    /// <param name="path">The folder to make or replace.</param>
    /// <param name="fill">Writes the content into the folder that it is given. If it throws, the old folder is left unchanged.</param>
    /// <exception cref="TrainerException">The parent folder is read-only or doesn't exist, or the disk is full.</exception>
    public static void Write(string path, Action<string> fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        var folder = Path.TrimEndingDirectorySeparator(path);
        var temporary = $"{folder}.{Environment.ProcessId}.tmp";
        var old = $"{folder}.{Environment.ProcessId}.old";
        try
        {
            RequireParent(folder);
            Directory.CreateDirectory(temporary);
            fill(temporary);
            if (Directory.Exists(folder))
            {
                Directory.Move(folder, old); // a folder can't be renamed onto another one
            }

            Directory.Move(temporary, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't write '{path}': {e.Message.TrimEnd('.')}. What was there before is untouched. "
                + "Check the free space and the folder's permissions.", e);
        }
        finally
        {
            RestoreOrDelete(folder, old);
            DeleteIfThere(temporary);
        }
    }

    /// <summary>A missing parent folder is probably a typing error, so it is reported rather than created.</summary>
    private static void RequireParent(string folder)
    {
        var parent = Path.GetDirectoryName(Path.GetFullPath(folder));
        if (!Directory.Exists(parent))
        {
            throw new DirectoryNotFoundException($"There is no folder '{parent}'");
        }
    }

    private static void RestoreOrDelete(string folder, string old)
    {
        if (!Directory.Exists(folder) && Directory.Exists(old))
        {
            Directory.Move(old, folder);
        }

        DeleteIfThere(old);
    }

    private static void DeleteIfThere(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Ignored: the error that led here is the one worth reporting.
        }
    }
}
