namespace Trainer.Core.Kernels;

/// <summary>
/// Threads that do numbered tasks together. Which thread does a task is a matter of chance, so a task's result must not depend on it.
/// </summary>
/// <remarks>
/// Tasks last microseconds. A thread that waits for more tasks spins briefly and then sleeps. Waking it takes longer than many tasks do,
/// but a thread that kept spinning would take its core away from decoding and from other programs.
/// </remarks>
internal sealed class ThreadTeam : IDisposable
{
    private const int Spins = 400; // about ten microseconds

    private readonly Thread[] others;
    private readonly object gate = new();
    private Action<int, int> work = (_, _) => { };
    private int count;
    private int next;
    private int left;
    private int turn;
    private bool ends;
    private Exception? failure;

    /// <summary>The number of threads, including the calling one.</summary>
    public int Size => others.Length + 1;

    /// <param name="threads">At least 1, including the calling thread.</param>
    public ThreadTeam(int threads)
    {
        others = [.. Enumerable.Range(1, threads - 1).Select(i => new Thread(() => Follow(i)) { IsBackground = true, Name = $"team {i}" })];
        foreach (var other in others)
        {
            other.Start();
        }
    }

    /// <summary>
    /// A team of only the calling thread, for work that is already a task of another team. Several threads may use it at once.
    /// </summary>
    public static readonly ThreadTeam Alone = new(1);

    /// <summary>Does all tasks from 0 to <paramref name="tasks"/> − 1 and returns when all are done. Only one caller at a time.</summary>
    /// <param name="task">
    /// Gets the task's number, and the thread's, below <see cref="Size"/>, with which it can choose its working memory.
    /// </param>
    public void Run(int tasks, Action<int, int> task)
    {
        if (others.Length == 0 || tasks == 1)
        {
            for (var i = 0; i < tasks; i++)
            {
                task(i, 0);
            }

            return;
        }

        (work, count, failure) = (task, tasks, null);
        Volatile.Write(ref left, others.Length);
        Volatile.Write(ref next, 0);
        lock (gate)
        {
            Volatile.Write(ref turn, turn + 1);
            Monitor.PulseAll(gate);
        }

        DoTasks(worker: 0);
        var spinner = new SpinWait();
        while (Volatile.Read(ref left) > 0)
        {
            spinner.SpinOnce(sleep1Threshold: -1);
        }

        if (failure is not null)
        {
            throw new InvalidOperationException("A task failed.", failure);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            ends = true;
            Monitor.PulseAll(gate);
        }

        foreach (var other in others)
        {
            other.Join();
        }
    }

    private void Follow(int worker)
    {
        for (var seen = 0; ; seen++)
        {
            for (var i = 0; i < Spins && Volatile.Read(ref turn) == seen; i++)
            {
                Thread.SpinWait(1);
            }

            lock (gate)
            {
                while (turn == seen && !ends)
                {
                    Monitor.Wait(gate);
                }
            }

            if (ends)
            {
                return;
            }

            DoTasks(worker);
            Interlocked.Decrement(ref left);
        }
    }

    private void DoTasks(int worker)
    {
        try
        {
            for (var i = Interlocked.Increment(ref next) - 1; i < count; i = Interlocked.Increment(ref next) - 1)
            {
                work(i, worker);
            }
        }
        catch (Exception e)
        {
            failure = e;
            Volatile.Write(ref next, count);
        }
    }
}
