using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging.Similarity;

namespace Trainer.Core.Training.Planning;

/// <summary>Finds pictures that are the same except for size, compression or mirroring, so that they go into the same part.</summary>
internal static class Duplicates
{
    /// <summary>
    /// Most pictures that are decoded for this, because more would delay every start by minutes. Beyond it, only equal files are kept
    /// together.
    /// </summary>
    public const int MostPictures = 20_000;

    /// <summary>The pictures that can be decoded, each with its sketch. If there are too many to decode, all pictures and null.</summary>
    /// <param name="shorterSide">
    /// Size for <see cref="CachedReader.Read"/>; the same as in training, so that no picture is decoded twice.
    /// </param>
    /// <param name="skipped">Receives the pictures that can't be decoded.</param>
    /// <param name="done">Called with the number of pictures done so far.</param>
    public static (IReadOnlyList<ImageEntry> Images, PictureSketch[]? Sketches) Find(
        IReadOnlyList<ImageEntry> images, CachedReader reader, int shorterSide, int threads, SkippedFiles skipped, Action<int> done,
        CancellationToken cancel)
    {
        if (images.Count > MostPictures)
        {
            return (images, null);
        }

        var sketches = PictureReader.Read(
            images, threads, image => PictureSketch.Of(reader.Read(image, shorterSide)), skipped, done, cancel);
        var read = Enumerable.Range(0, images.Count).Where(i => sketches[i] is not null).ToArray();
        return ([.. read.Select(i => images[i])], [.. sketches.OfType<PictureSketch>()]);
    }
}
