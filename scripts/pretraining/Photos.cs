using System.Formats.Tar;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;

namespace Pretraining;

/// <summary>The photos to pretrain on, in memory, in an order that depends only on their names.</summary>
internal static class Photos
{
    /// <param name="sources">Folders of pictures, and tar files of them.</param>
    /// <param name="scratch">Folder into which tar files are unpacked once.</param>
    public static RgbImage[] Read(IEnumerable<string> sources, string scratch)
    {
        var folders = sources.Select(source => Directory.Exists(source) ? source : Unpack(source, scratch));
        var paths = folders.SelectMany(folder => ImageFolder.Names(folder).Select(name => Path.Combine(folder, name))).ToArray();
        var photos = new RgbImage?[paths.Length];
        Parallel.For(0, paths.Length, i =>
        {
            try
            {
                photos[i] = ImageDecoder.Decode(paths[i]);
            }
            catch (UndecodableImageException e)
            {
                Console.Error.WriteLine($"{paths[i]}: {e.Message}");
            }
        });
        return [.. photos.OfType<RgbImage>()];
    }

    private static string Unpack(string tar, string scratch)
    {
        var folder = Path.Combine(scratch, Path.GetFileNameWithoutExtension(tar));
        if (!Directory.Exists(folder))
        {
            var part = Directory.CreateDirectory(folder + ".part").FullName;
            TarFile.ExtractToDirectory(tar, part, overwriteFiles: true);
            Directory.Move(part, folder);
        }

        return folder;
    }
}
