using System.Collections.Concurrent;
using Trainer.Core.Platform;
using Trainer.Core.Wording;

namespace Trainer.Core.Catalog;

/// <summary>The pictures of a folder and all its subfolders, in the order of their names.</summary>
/// <param name="Folder">The folder as it was given.</param>
/// <param name="Images">Files with the name of a picture; whether they can be decoded is found out later.</param>
/// <param name="Skipped">Files with the name of a picture that can't be read.</param>
/// <param name="OtherFiles">How many files were ignored because of their names' extensions.</param>
public sealed record ImageFolder(string Folder, IReadOnlyList<ImageEntry> Images, IReadOnlyList<SkippedFile> Skipped, int OtherFiles)
{
    /// <summary>The extensions of picture files, in lower case.</summary>
    public static readonly IReadOnlyList<string> Extensions =
        [".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".gif", ".tif", ".tiff", ".heic", ".heif", ".avif", ".bmp",
            ".dib", ".tga", ".pbm", ".pgm", ".ppm", ".pnm"];

    /// <summary>Inaccessible folders aren't ignored here, since that would also skip folders when no file handle is left.</summary>
    private static readonly EnumerationOptions Here = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.System };

    /// <summary>Lists a folder. Hidden files, whose names start with a dot, are ignored.</summary>
    /// <exception cref="TrainerException">The folder is missing, unreadable, or contains no pictures.</exception>
    public static ImageFolder Scan(string folder)
    {
        var root = Path.GetFullPath(folder);
        var (images, others) = PicturesBelow(folder, root);
        var found = new ImageEntry?[images.Length];
        var skipped = new ConcurrentBag<SkippedFile>();
        Parallel.For(0, images.Length, i =>
        {
            var path = Path.Combine(root, images[i]);
            try
            {
                var (length, key) = ContentKey.Of(path);
                found[i] = new ImageEntry(path, images[i], length, key);
            }
            catch (IOException e) when (FileHandles.RanOut(e))
            {
                throw FileHandles.Error(e);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                skipped.Add(new SkippedFile(path, e.Message));
            }
        });
        var entries = found.OfType<ImageEntry>().ToArray();
        return entries.Length > 0
            ? new ImageFolder(folder, entries, [.. skipped.OrderBy(s => s.Path, StringComparer.Ordinal)], others)
            // each is one or the other
            : throw new TrainerException(
                $"None of {Counted.Of(images.Length, "picture")} in '{folder}' can be read: "
                + $"{skipped.MinBy(s => s.Path, StringComparer.Ordinal)!.Reason}");
    }

    /// <summary>Checks that a folder can be listed and contains files with the names of pictures. Opens none of them.</summary>
    /// <exception cref="TrainerException">The folder is missing, unreadable, or contains no pictures.</exception>
    public static void Require(string folder) => _ = PicturesBelow(folder, Path.GetFullPath(folder));

    /// <summary>The names of the pictures, in order. Opens none of them.</summary>
    /// <returns>Paths relative to the folder, with '/' on every system.</returns>
    /// <exception cref="TrainerException">The folder is missing, unreadable, or contains no pictures.</exception>
    public static IReadOnlyList<string> Names(string folder) => PicturesBelow(folder, Path.GetFullPath(folder)).Images;

    private static (string[] Images, int Others) PicturesBelow(string folder, string root)
    {
        var names = NamesBelow(folder, root);
        var images = names.Where(HasImageExtension).Order(StringComparer.Ordinal).ToArray();
        return images.Length > 0 ? (images, names.Count - images.Length) : throw NoPictures(folder, names.Count);
    }

    private static TrainerException NoPictures(string folder, int others) => new(
        $"Found 0 pictures in '{folder}' ({Counted.Of(others, "other file")}). Looked for {string.Join(", ", Extensions)}, in all its "
            + "subfolders. Check the path.");

    private static List<string> NamesBelow(string folder, string root)
    {
        if (!Directory.Exists(root))
        {
            throw new TrainerException(File.Exists(root)
                ? $"'{folder}' is a file; a folder of pictures is needed."
                : $"There is no folder '{folder}' (looked at {root}). Check the path.");
        }

        try
        {
            _ = Directory.EnumerateFileSystemEntries(root).Any(); // unlike the listing below, this throws when access is denied
            var files = new List<string>();
            AddFiles(new DirectoryInfo(root), [Path.TrimEndingDirectorySeparator(root)], files);
            return [.. files.Select(path => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/'))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't list the folder '{folder}': {e.Message}", e);
        }
    }

    /// <summary>Follows a link only if it leads out of all folders seen so far; otherwise circular links would never end.</summary>
    private static void AddFiles(DirectoryInfo folder, List<string> seen, List<string> files)
    {
        files.AddRange(folder.EnumerateFiles("*", Here).Where(file => !file.Name.StartsWith('.')).Select(file => file.FullName));
        foreach (var below in folder.EnumerateDirectories("*", Here).Where(below => !below.Name.StartsWith('.'))
            .OrderBy(below => below.Name, StringComparer.Ordinal))
        {
            if (below.LinkTarget is not null)
            {
                var target = below.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? below.FullName;
                if (seen.Any(known =>
                    $"{target}{Path.DirectorySeparatorChar}".StartsWith($"{known}{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
                {
                    continue;
                }

                seen.Add(target);
            }

            try
            {
                AddFiles(below, seen, files);
            }
            catch (UnauthorizedAccessException)
            {
                // A folder that this user may not read, such as another user's, is skipped.
            }
        }
    }

    /// <summary>True for names with one of the <see cref="Extensions"/>, in any case.</summary>
    internal static bool HasImageExtension(string name) => Extensions.Contains(Path.GetExtension(name).ToLowerInvariant());
}
