using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Caching;
using Trainer.Core.Imaging.Decoding;

namespace Trainer.Core.Batching;

/// <summary>Reads pictures: from the cache what is in it, else from their files, and then into the cache. Thread-safe.</summary>
/// <param name="cache">Null for none.</param>
public sealed class CachedReader(PixelCache? cache = null)
{
    /// <summary>The decoded picture, the same whether or not it was cached.</summary>
    /// <param name="shorterSide">As <see cref="ImageDecoder.DecodeTowards"/> takes it.</param>
    /// <exception cref="UndecodableImageException">The file is no picture, is broken, too large, or can't be read.</exception>
    public RgbImage Read(ImageEntry image, int shorterSide)
    {
        ArgumentNullException.ThrowIfNull(image);
        var key = new PictureKey(image.ContentKey, image.Length, shorterSide);
        if (cache?.Find(key) is { } cached)
        {
            return cached;
        }

        var decoded = ImageDecoder.DecodeTowards(shorterSide, image.Path);
        cache?.Add(key, decoded);
        return decoded;
    }
}
