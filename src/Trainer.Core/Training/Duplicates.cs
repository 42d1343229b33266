using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging;

namespace Trainer.Core.Training;

/// <summary>Finds pictures that are the same but for size or compression, so that they never straddle the parts.</summary>
internal static class Duplicates
{
    /// <summary>Beyond this every start would wait minutes for decoding; equal files still stay together.</summary>
    public const int MostPictures = 20_000;

    /// <summary>The group of each picture; null where there are too many to look at.</summary>
    /// <param name="skipped">Takes what doesn't decode.</param>
    public static int[]? Groups(IReadOnlyList<ImageEntry> images, int threads, SkippedFiles skipped, CancellationToken cancel)
    {
        if (images.Count > MostPictures)
        {
            return null;
        }

        var hashes = new ulong?[images.Count];
        Parallel.For(0, images.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, i =>
        {
            try
            {
                hashes[i] = PerceptualHash.Of(ImageDecoder.Decode(images[i].Path));
            }
            catch (UndecodableImageException e)
            {
                skipped.Add(new SkippedFile(images[i].Path, e.Message));
            }
        });
        return NearGroups.Of(hashes, PerceptualHash.NearBits);
    }
}
