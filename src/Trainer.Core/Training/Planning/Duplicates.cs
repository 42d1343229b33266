using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging.Similarity;

namespace Trainer.Core.Training.Planning;

/// <summary>Finds pictures that are the same but for size, compression or mirroring, so that they never straddle the parts.</summary>
internal static class Duplicates
{
    /// <summary>Beyond this every start would wait minutes for decoding; equal files still stay together.</summary>
    public const int MostPictures = 20_000;

    /// <summary>The pictures that decode, each with its sketch; all of them and none where there are too many to look at.</summary>
    /// <param name="shorterSide">As <see cref="CachedReader.Read"/> takes it: that of training, so that no picture is read twice.</param>
    /// <param name="skipped">Takes what doesn't decode.</param>
    /// <param name="done">Told how many were looked at so far.</param>
    public static (IReadOnlyList<ImageEntry> Images, PictureSketch[]? Sketches) Find(
        IReadOnlyList<ImageEntry> images, CachedReader reader, int shorterSide, int threads, SkippedFiles skipped, Action<int> done, CancellationToken cancel)
    {
        if (images.Count > MostPictures)
        {
            return (images, null);
        }

        var sketches = PictureReader.Read(images, threads, image => PictureSketch.Of(reader.Read(image, shorterSide)), skipped, done, cancel);
        var read = Enumerable.Range(0, images.Count).Where(i => sketches[i] is not null).ToArray();
        return ([.. read.Select(i => images[i])], [.. sketches.OfType<PictureSketch>()]);
    }
}
