using Trainer.Core;

namespace Trainer.Commands;

/// <summary>A picture as it was named on the command line.</summary>
/// <param name="Name">Its path below the folder that was named; the file's name when it was named itself.</param>
internal sealed record PictureFile(string Path, string Name);

/// <summary>Copies pictures into a folder for the accepted and one for the rejected; overwrites nothing.</summary>
internal sealed class SortedCopies(string? acceptedFolder, string? rejectedFolder)
{
    /// <exception cref="TrainerException">The copy can't be written.</exception>
    public void Add(PictureFile file, bool accepted)
    {
        if ((accepted ? acceptedFolder : rejectedFolder) is not { } folder)
        {
            return;
        }

        var target = FirstFree(Path.Combine(folder, file.Name));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!); // below a folder
            File.Copy(file.Path, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't copy '{file.Path}' to '{target}': {e.Message}", e);
        }
    }

    private static string FirstFree(string path) => Enumerable.Range(1, int.MaxValue)
        .Select(i => i == 1 ? path : Path.ChangeExtension(path, null) + $"-{i}{Path.GetExtension(path)}")
        .First(candidate => !File.Exists(candidate));
}
