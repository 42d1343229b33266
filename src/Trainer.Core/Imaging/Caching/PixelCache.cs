using System.Collections.Concurrent;
using Trainer.Core.Imaging.Decoding;

namespace Trainer.Core.Imaging.Caching;

/// <summary>Keeps decoded pictures on disk for later epochs and runs. Thread-safe; any number of processes may share the folder.</summary>
/// <remarks>
/// Each process appends to its own segment and reads all segments. A picture is returned byte for byte as it was decoded, or not at all, so
/// results don't depend on what is cached. A disk error never ends a run; it only makes the run slower.
/// </remarks>
public sealed class PixelCache : IDisposable
{
    /// <summary>The number of segments is limited because each keeps two files open.</summary>
    internal const int MostSegments = 64;

    private readonly string folder;
    private readonly long limit;
    private readonly ConcurrentDictionary<PictureKey, PixelSegment.Place> places = new();
    private readonly ConcurrentDictionary<PixelSegment, bool> inUse = new();
    private readonly List<PixelSegment> segments = [];
    private readonly Lock changing = new();
    private PixelSegment? own;
    private long used;
    private volatile bool isFull;

    private PixelCache(string folder, long limit) => (this.folder, this.limit) = (folder, limit);

    /// <summary>How many pictures are in the cache.</summary>
    public int Count => places.Count;

    /// <summary>Opens the cache in a folder, which may be empty or missing.</summary>
    /// <param name="folder">A folder for this cache alone and for one <see cref="ImageDecoder.Version"/>; made if it doesn't exist.</param>
    /// <param name="limit">The most bytes of pixels to keep. Segments that were not used for the longest time are deleted first.</param>
    public static PixelCache Open(string folder, long limit)
    {
        var cache = new PixelCache(folder, limit);
        Try(() =>
        {
            Directory.CreateDirectory(folder);
            foreach (var (i, path) in Directory.GetFiles(folder, "*.pixels").OrderByDescending(PixelSegment.LastUseOf).Index())
            {
                Try(i < MostSegments ? () => cache.Take(PixelSegment.Open(path)) : () => PixelSegment.Delete(path));
            }
        });
        return cache;
    }

    /// <summary>The decoded picture; null when it isn't in the cache.</summary>
    public RgbImage? Find(PictureKey key)
    {
        RgbImage? found = null;
        if (places.TryGetValue(key, out var place))
        {
            Try(() => found = place.Segment.Read(place));
            if (found is null)
            {
                places.TryRemove(key, out _);
            }
            else if (inUse.TryAdd(place.Segment, true))
            {
                Try(place.Segment.Touch);
            }
        }

        return found;
    }

    /// <summary>Adds a decoded picture, if there is room.</summary>
    public void Add(PictureKey key, RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (isFull || places.ContainsKey(key))
        {
            return;
        }

        var isKept = false;
        Try(() =>
        {
            if (Reserve(image.Pixels.Length) is { } segment)
            {
                places[key] = segment.Append(key, image);
                isKept = true;
            }
        });
        isFull |= !isKept; // no room, or a disk error: the next picture would fail too
    }

    /// <inheritdoc/>
    public void Dispose() => segments.ForEach(segment => segment.Dispose());

    private void Take(PixelSegment segment)
    {
        segments.Add(segment);
        used += segment.Length;
        foreach (var (key, place) in segment.Pictures())
        {
            places.TryAdd(key, place);
        }
    }

    /// <summary>The segment to append to; null when there is no room.</summary>
    private PixelSegment? Reserve(int bytes)
    {
        lock (changing)
        {
            while (used + bytes > limit)
            {
                var idle = segments.Where(segment => segment != own && !inUse.ContainsKey(segment)).MinBy(segment => segment.LastUse);
                if (idle is null)
                {
                    return null;
                }

                Drop(idle);
            }

            if (own is null)
            {
                own = PixelSegment.Create(folder);
                segments.Add(own);
            }

            used += bytes;
            return own;
        }
    }

    private void Drop(PixelSegment segment)
    {
        segments.Remove(segment);
        used -= segment.Length;
        foreach (var (key, _) in places.Where(place => place.Value.Segment == segment))
        {
            places.TryRemove(key, out _);
        }

        Try(segment.Delete);
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // Ignored: the picture is decoded again instead.
        }
    }
}
