using Trainer.Core.Platform;

namespace Trainer.Core.Runs;

/// <summary>Keeps a run's folder to one program at a time. The system lets go of it however the program ends.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream file;

    private RunLock(FileStream file) => this.file = file;

    /// <summary>Takes the folder, and clears away what a killed program left half written in it.</summary>
    /// <exception cref="TrainerException">Another program has it, or nothing can be written there.</exception>
    public static RunLock Take(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        try
        {
            var taken = new RunLock(new FileStream(folder.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
            AtomicFile.DeleteLeftovers(folder.Path);
            return taken;
        }
        catch (DirectoryNotFoundException e)
        {
            throw new TrainerException($"There is no folder '{folder.Path}'. Name the folder that 'trainer train' printed, runs/<name> by default.", e);
        }
        catch (IOException e) when (File.Exists(folder.Lock))
        {
            throw new TrainerException($"Another trainer is at work in '{folder.Path}'. Wait until it is done, or stop it first.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't write in '{folder.Path}': {e.Message.TrimEnd('.')}. Check the free space and the folder's permissions.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
