namespace Trainer.Core.Batching;

/// <summary>Does the same work on many things, several at a time, and hands the results out in the order of the things.</summary>
internal static class OrderedWork
{
    /// <summary>Things worked on or waiting for their turn to be handed out, for each worker: enough to hide a slow one.</summary>
    public const int AheadPerWorker = 4;

    /// <summary>The results, each as soon as it and all before it are there.</summary>
    /// <param name="source">Read on the caller's thread, as the results are.</param>
    /// <param name="workers">Things worked on at once, at least 1.</param>
    /// <param name="work">Called on many threads at once; what it throws reaches whoever asks for the result.</param>
    /// <param name="ahead">How many things are taken before their results are asked for, at least 1.</param>
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
