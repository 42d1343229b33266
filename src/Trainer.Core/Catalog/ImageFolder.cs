using System.Collections.Concurrent;
using Trainer.Core.Platform;
using Trainer.Core.Wording;

namespace Trainer.Core.Catalog;

/// <summary>The pictures of a folder and all its subfolders, in the order of their names.</summary>
/// <param name="Folder">The folder as it was given.</param>
/// <param name="Images">What looks like a picture by its name; whether it decodes shows later.</param>
/// <param name="Skipped">Named like pictures, but unreadable.</param>
/// <param name="OtherFiles">How many files were passed over because their names are no picture's.</param>
public sealed record ImageFolder(string Folder, IReadOnlyList<ImageEntry> Images, IReadOnlyList<SkippedFile> Skipped, int OtherFiles)
{
    /// <summary>Endings that a picture's name can have, lower case.</summary>
    public static readonly IReadOnlyList<string> Extensions =
        [".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".gif", ".tif", ".tiff", ".heic", ".heif", ".avif", ".bmp", ".dib", ".tga", ".pbm", ".pgm", ".ppm", ".pnm"];

    private static readonly EnumerationOptions Here = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.System }; // true would also pass over folders for want of handles

    /// <summary>Lists a folder. Hidden files (names that start with a dot) are not looked at.</summary>
    /// <exception cref="TrainerException">The folder is missing, unreadable, or holds no picture.</exception>
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
            : throw new TrainerException($"None of {Counted.Of(images.Length, "picture")} in '{folder}' can be read: {skipped.MinBy(s => s.Path, StringComparer.Ordinal)!.Reason}"); // each is one or the other
    }

    /// <summary>Makes sure that a folder can be listed and holds pictures by their names; opens none of them.</summary>
    /// <exception cref="TrainerException">The folder is missing, unreadable, or holds no picture.</exception>
    public static void Require(string folder) => _ = PicturesBelow(folder, Path.GetFullPath(folder));

    /// <summary>The names of the pictures, in order; opens none of them.</summary>
    /// <returns>Paths below the folder, with '/' on every system.</returns>
    /// <exception cref="TrainerException">The folder is missing, unreadable, or holds no picture.</exception>
    public static IReadOnlyList<string> Names(string folder) => PicturesBelow(folder, Path.GetFullPath(folder)).Images;

    private static (string[] Images, int Others) PicturesBelow(string folder, string root)
    {
        var names = NamesBelow(folder, root);
        var images = names.Where(HasImageExtension).Order(StringComparer.Ordinal).ToArray();
        return images.Length > 0 ? (images, names.Count - images.Length) : throw NoPictures(folder, names.Count);
    }

    private static TrainerException NoPictures(string folder, int others) => new(
        $"Found 0 pictures in '{folder}' ({Counted.Of(others, "other file")}). Looked for {string.Join(", ", Extensions)}, in all its subfolders. Check the path.");

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
            _ = Directory.EnumerateFileSystemEntries(root).Any(); // unlike the listing below, this says when it may not look
            var files = new List<string>();
            AddFiles(new DirectoryInfo(root), [Path.TrimEndingDirectorySeparator(root)], files);
            return [.. files.Select(path => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/'))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException($"Can't list the folder '{folder}': {e.Message}", e);
        }
    }

    /// <summary>A link is followed where it leads out of the folders seen so far: else links in a circle would go on for ever.</summary>
    private static void AddFiles(DirectoryInfo folder, List<string> seen, List<string> files)
    {
        files.AddRange(folder.EnumerateFiles("*", Here).Where(file => !file.Name.StartsWith('.')).Select(file => file.FullName));
        foreach (var below in folder.EnumerateDirectories("*", Here).Where(below => !below.Name.StartsWith('.')).OrderBy(below => below.Name, StringComparer.Ordinal))
        {
            if (below.LinkTarget is not null)
            {
                var target = below.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? below.FullName;
                if (seen.Any(known => $"{target}{Path.DirectorySeparatorChar}".StartsWith($"{known}{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
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
                // Not ours to look into, such as another user's folder.
            }
        }
    }

    /// <summary>True for names with one of the <see cref="Extensions"/>, in any case.</summary>
    internal static bool HasImageExtension(string name) => Extensions.Contains(Path.GetExtension(name).ToLowerInvariant());
}
