using Trainer.Core.Catalog;
using Trainer.Core.Imaging.Decoding;
using Trainer.Core.Imaging.Similarity;

namespace Trainer.Core.Reporting;

/// <summary>Decodes what a page shows, several pictures at a time.</summary>
internal static class Thumbnails
{
    /// <summary>The WebP of each picture, in order; null for one that doesn't decode.</summary>
    /// <param name="edge">Pixels a side.</param>
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
                // Gone since it was judged, or never read: the page goes without it.
            }
        });
        return made;
    }
}
