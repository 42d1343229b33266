using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Decoding;

namespace Trainer.Core.Batching;

/// <summary>A picture file after decoding.</summary>
/// <param name="Picture">The decoded picture; null when the file could not be read.</param>
/// <param name="Error">Why the file could not be read; null when it was read.</param>
internal readonly record struct DecodedFile(string Path, RgbImage? Picture, string? Error);

/// <summary>Decodes files on several threads, ahead of the thread that uses them.</summary>
internal static class PictureStream
{
    /// <summary>The files in their order, each with its pixels or the reason why it could not be read.</summary>
    /// <param name="shorterSide">As <see cref="ImageDecoder.DecodeTowards"/> takes it.</param>
    /// <param name="workers">
    /// How many files are decoded at once, at least 1; at most four times as many pictures are held in memory.
    /// </param>
    public static IEnumerable<DecodedFile> Decode(
        IEnumerable<string> paths, int shorterSide, int workers, CancellationToken cancel = default) =>
        OrderedWork.Do(paths, workers, path => Decode(path, shorterSide), workers * OrderedWork.AheadPerWorker, cancel);

    private static DecodedFile Decode(string path, int shorterSide)
    {
        try
        {
            return new DecodedFile(path, ImageDecoder.DecodeTowards(shorterSide, path), null);
        }
        catch (UndecodableImageException e)
        {
            return new DecodedFile(path, null, e.Message);
        }
    }
}
