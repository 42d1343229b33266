using Trainer.Core.Catalog;
using Trainer.Core.Imaging;
using Trainer.Core.Imaging.Caching;
using Trainer.Core.Imaging.Decoding;

namespace Trainer.Core.Batching;

/// <summary>Reads pictures from the cache. A picture that isn't cached is read from its file and added to the cache. Thread-safe.</summary>
/// <param name="cache">The cache; null to read without one.</param>
public sealed class CachedReader(PixelCache? cache = null)
{
    /// <summary>The decoded picture, the same whether or not it was cached.</summary>
    /// <param name="shorterSide">As <see cref="ImageDecoder.DecodeTowards"/> takes it.</param>
    /// <exception cref="UndecodableImageException">The file isn't a picture, is broken or too large, or can't be read.</exception>
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
