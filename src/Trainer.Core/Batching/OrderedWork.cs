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
    public static IEnumerable<TResult> Do<T, TResult>(IEnumerable<T> source, int workers, Func<T, TResult> work, int ahead, CancellationToken cancel = default) =>
        Do(source, workers, work, ahead, _ => 0, long.MaxValue, cancel);

    /// <summary>The same for things that can be heavy, so that not many of these wait at once.</summary>
    /// <inheritdoc cref="Do{T, TResult}(IEnumerable{T}, int, Func{T, TResult}, int, CancellationToken)"/>
    /// <param name="weight">What a thing weighs until its result is handed out, such as its bytes.</param>
    /// <param name="mostWeight">From this weight on no further thing is taken, even if fewer than <paramref name="ahead"/> are.</param>
    public static IEnumerable<TResult> Do<T, TResult>(
        IEnumerable<T> source, int workers, Func<T, TResult> work, int ahead, Func<T, long> weight, long mostWeight, CancellationToken cancel = default)
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
                var next = (Result: Task.Factory.StartNew(() => work(thing), cancel, TaskCreationOptions.None, scheduler), Weight: weight(thing));
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
