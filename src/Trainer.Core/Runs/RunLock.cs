using Trainer.Core.Platform;

namespace Trainer.Core.Runs;

/// <summary>Reserves a run's folder for one program at a time. The operating system releases the lock however the program ends.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream file;

    private RunLock(FileStream file) => this.file = file;

    /// <summary>Locks the folder, and deletes incomplete files that a killed program left in it.</summary>
    /// <exception cref="TrainerException">Another program holds the lock, or the folder can't be written to.</exception>
    public static RunLock Take(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        try
        {
            var taken = new RunLock(
                new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
            AtomicFile.DeleteLeftovers(folder.Path);
            return taken;
        }
        catch (DirectoryNotFoundException e)
        {
            throw new TrainerException(
                $"There is no folder '{folder.Path}'. Name the folder that 'trainer train' printed, runs/<name> by default.", e);
        }
        catch (IOException e) when (File.Exists(folder.Lock))
        {
            throw new TrainerException($"Another trainer is writing to '{folder.Path}'. Wait until it has finished, or stop it first.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException(
                $"Can't write in '{folder.Path}': {e.Message.TrimEnd('.')}. Check the free space and the folder's permissions.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
