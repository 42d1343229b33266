using Trainer.Core.Catalog;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Imaging.Similarity;

namespace Trainer.Core.Reporting;

/// <summary>Makes a page's thumbnails, several at the same time.</summary>
internal static class Thumbnails
{
    /// <summary>The WebP of each picture, in order; null if it can't be decoded.</summary>
    /// <param name="edge">Edge of the thumbnail in pixels.</param>
    public static byte[]?[] Of(IReadOnlyList<ImageEntry> images, int edge, int threads)
    {
        var made = new byte[]?[images.Count];
        Parallel.For(0, images.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
        {
            try
            {
                made[i] = Thumbnail.Of(ImageDecoder.Decode(images[i].Path), edge);
            }
            catch (UndecodableImageException)
            {
                // The picture was deleted since, or could never be read. The page is written without it.
            }
        });
        return made;
    }
}
