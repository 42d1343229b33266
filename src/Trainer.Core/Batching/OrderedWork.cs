namespace Trainer.Core.Batching;

/// <summary>Does the same work on many items, several at a time, and returns the results in the order of the items.</summary>
internal static class OrderedWork
{
    /// <summary>How many items per worker may be in work or waiting to be returned: enough to hide a slow item.</summary>
    public const int AheadPerWorker = 4;

    /// <summary>Returns the results in order, each as soon as it and all results before it are complete.</summary>
    /// <param name="source">The items; read on the caller's thread while the results are enumerated.</param>
    /// <param name="workers">How many items are worked on at once, at least 1.</param>
    /// <param name="work">Called on several threads at once; an exception is rethrown when its result is asked for.</param>
    /// <param name="ahead">How many items are started before their results are asked for, at least 1.</param>
    public static IEnumerable<TResult> Do<T, TResult>(
        IEnumerable<T> source, int workers, Func<T, TResult> work, int ahead, CancellationToken cancel = default) =>
        Do(source, workers, work, ahead, _ => 0, long.MaxValue, cancel);

    /// <summary>The same for items that can be large, so that not many of these wait at once.</summary>
    /// <inheritdoc cref="Do{T, TResult}(IEnumerable{T}, int, Func{T, TResult}, int, CancellationToken)"/>
    /// <param name="weight">The weight of an item until its result is returned, such as its size in bytes.</param>
    /// <param name="mostWeight">
    /// At this total weight no more items are started, even if there are fewer than <paramref name="ahead"/>.
    /// </param>
    public static IEnumerable<TResult> Do<T, TResult>(
        IEnumerable<T> source, int workers, Func<T, TResult> work, int ahead, Func<T, long> weight, long mostWeight,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(weight);
        var scheduler = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, workers).ConcurrentScheduler;
        var begun = new Queue<(Task<TResult> Result, long Weight)>();
        var total = 0L;
        try
        {
            foreach (var thing in source)
            {
                cancel.ThrowIfCancellationRequested();
                var next = (Result: Task.Factory.StartNew(() => work(thing), cancel, TaskCreationOptions.None, scheduler),
                    Weight: weight(thing));
                begun.Enqueue(next);
                total += next.Weight;
                while (begun.Count >= ahead || (total >= mostWeight && begun.Count > 0))
                {
                    yield return Next();
                }
            }

            while (begun.Count > 0)
            {
                yield return Next();
            }
        }
        finally
        {
            // Whoever asks for no more, because of an error or not, may take away what the work needs.
            ((IAsyncResult)Task.WhenAll(begun.Select(one => one.Result))).AsyncWaitHandle.WaitOne();
        }

        TResult Next()
        {
            var (result, itsWeight) = begun.Dequeue();
            total -= itsWeight;
            return result.GetAwaiter().GetResult();
        }
    }
}
