using System.Collections.Concurrent;
using Trainer.Core.Imaging.Decoding;

namespace Trainer.Core.Imaging.Caching;

/// <summary>Decoded pictures on disk, for the next epoch and the next run. Thread-safe; any number of processes may share the folder.</summary>
/// <remarks>
/// Each process appends to a segment of its own and reads all. A picture comes back as the decoder gave it, byte for byte, or not at all: results
/// don't depend on what is cached. No error of the disk ends a run; it only makes it slower.
/// </remarks>
public sealed class PixelCache : IDisposable
{
    /// <summary>Each keeps two file handles, of which a process has a limited number.</summary>
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

    /// <summary>Pictures that can be read from it.</summary>
    public int Count => places.Count;

    /// <summary>Opens the cache of a folder, or an empty one.</summary>
    /// <param name="folder">Made if it isn't there; holds nothing else. Of this decoder's version, <see cref="ImageDecoder.Version"/>.</param>
    /// <param name="limit">Bytes of pixels that are kept; what was not used for longest goes first.</param>
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

    /// <summary>The decoded picture; null when it isn't there.</summary>
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

    /// <summary>Keeps a decoded picture, while there is room.</summary>
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
        isFull |= !isKept; // no room, or a disk that takes no more: it would only fail again
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
            // The picture is decoded again instead.
        }
    }
}
