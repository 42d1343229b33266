using Trainer.Core.Batching;
using Trainer.Core.Catalog;
using Trainer.Core.Imaging.Caching;

namespace Trainer.Core.Benchmarks;

/// <summary>Pictures in a separate cache, which is deleted when the benchmark ends.</summary>
internal sealed class CachedPictures : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trainer-bench-").FullName;
    private readonly PixelCache cache;

    public CachedPictures(IReadOnlyList<ImageEntry> pictures, int shorterSide)
    {
        cache = PixelCache.Open(folder, long.MaxValue);
        Reader = new CachedReader(cache);
        foreach (var picture in pictures)
        {
            Reader.Read(picture, shorterSide);
        }
    }

    public CachedReader Reader { get; }

    public void Dispose()
    {
        cache.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
