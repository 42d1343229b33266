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
    public static IEnumerable<TResult> Do<T, TResult>(IEnumerable<T> source, int workers, Func<T, TResult> work, int ahead, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var scheduler = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, workers).ConcurrentScheduler;
        var begun = new Queue<Task<TResult>>();
        foreach (var thing in source)
        {
            cancel.ThrowIfCancellationRequested();
            begun.Enqueue(Task.Factory.StartNew(() => work(thing), cancel, TaskCreationOptions.None, scheduler));
            if (begun.Count >= ahead)
            {
                yield return begun.Dequeue().GetAwaiter().GetResult();
            }
        }

        while (begun.TryDequeue(out var next))
        {
            yield return next.GetAwaiter().GetResult();
        }
    }
}
