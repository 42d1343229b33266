using Trainer.Core;

namespace Trainer.Commands.Steps;

/// <summary>A picture named on the command line, directly or by its folder.</summary>
/// <param name="Name">Its path relative to the named folder, or the file's name if the file itself was named.</param>
internal sealed record PictureFile(string Path, string Name);

/// <summary>
/// Copies pictures into one folder for the accepted and one for the rejected. Overwrites nothing, and copies nothing twice.
/// </summary>
internal sealed class SortedCopies(string? acceptedFolder, string? rejectedFolder)
{
    /// <summary>Checks that the copies won't be judged as pictures the next time.</summary>
    /// <param name="sources">The judged pictures and folders, with all their subfolders.</param>
    /// <exception cref="TrainerException">A folder for copies is in a folder that is judged.</exception>
    public void RequireOutside(IEnumerable<string> sources)
    {
        foreach (var source in sources.Where(Directory.Exists))
        {
            Check("--copy-accepted", acceptedFolder, source);
            Check("--copy-rejected", rejectedFolder, source);
        }

        static void Check(string option, string? folder, string source)
        {
            if (folder is not null && Below(folder).StartsWith(Below(source), StringComparison.Ordinal))
            {
                throw new TrainerException($"{option} {folder} is in '{source}', so the copies would be judged as well the next time. Name "
                    + "a folder outside it.");
            }
        }

        static string Below(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
    }

    /// <exception cref="TrainerException">The copy can't be written.</exception>
    public void Add(PictureFile file, bool accepted)
    {
        if ((accepted ? acceptedFolder : rejectedFolder) is not { } folder)
        {
            return;
        }

        var wanted = Path.Combine(folder, file.Name);
        try
        {
            var target = Candidates(wanted).First(candidate => !File.Exists(candidate) || AreSame(candidate, file.Path));
            if (!File.Exists(target))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!); // not null, because the file is in a folder
                File.Copy(file.Path, target);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't copy '{file.Path}' to '{wanted}': {e.Message}", e);
        }
    }

    /// <summary>The wanted name, followed by the same name with numbers, because another picture may already have it.</summary>
    private static IEnumerable<string> Candidates(string path) => Enumerable.Range(1, int.MaxValue)
        .Select(i => i == 1 ? path : Path.ChangeExtension(path, null) + $"-{i}{Path.GetExtension(path)}");

    private static bool AreSame(string one, string other) =>
        new FileInfo(one).Length == new FileInfo(other).Length && File.ReadAllBytes(one).AsSpan().SequenceEqual(File.ReadAllBytes(other));
}
