using Trainer.Core.Catalog;
using Trainer.Core.Imaging.Decoding;

namespace Trainer.Core.Batching;

/// <summary>Reads every picture once, several at a time, and keeps only what the caller computes from each.</summary>
internal static class PictureReader
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(100);

    /// <summary>The result for each picture, in the order of the pictures; null for pictures that can't be read.</summary>
    /// <param name="threads">How many threads read at once; each holds one decoded picture.</param>
    /// <param name="read">Called on several threads; throws <see cref="UndecodableImageException"/> for a bad picture.</param>
    /// <param name="skipped">Gets the bad pictures, in order.</param>
    /// <param name="done">Called from time to time on the caller's thread with the number of pictures that are done.</param>
    public static T?[] Read<T>(
        IReadOnlyList<ImageEntry> images, int threads, Func<ImageEntry, T> read, SkippedFiles skipped, Action<int>? done = null,
        CancellationToken cancel = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(skipped);
        var results = new T?[images.Count];
        var reasons = new string?[images.Count];
        var count = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel };
        var reading = Task.Run(() => Parallel.For(0, images.Count, options, i =>
        {
            try
            {
                results[i] = read(images[i]);
            }
            catch (UndecodableImageException e)
            {
                reasons[i] = e.Message;
            }

            Interlocked.Increment(ref count);
        }), CancellationToken.None);
        while (!((IAsyncResult)reading).AsyncWaitHandle.WaitOne(BetweenReports))
        {
            done?.Invoke(Volatile.Read(ref count));
        }

        _ = reading.GetAwaiter().GetResult();
        done?.Invoke(images.Count);
        for (var i = 0; i < images.Count; i++)
        {
            if (reasons[i] is { } reason)
            {
                skipped.Add(new SkippedFile(images[i].Path, reason));
            }
        }

        return results;
    }
}
