namespace Trainer.Core.Ranks.Mpi;

/// <summary>The ranks that mpirun, srun or another launcher of MPI started.</summary>
public sealed unsafe class MpiCommunicator : ICommunicator
{
    private const int CallsFromOneThread = 1; // MPI_THREAD_FUNNELED

    private readonly MpiLibrary library;
    private readonly TimeSpan limit;
    private readonly Timer hangs;
    private readonly delegate* unmanaged<void*, int, nint, void*, int, nint, nint, int> exchange;
    private readonly delegate* unmanaged<void*, int, nint, void*, int, nint, nint, int> gather;
    private readonly delegate* unmanaged<void*, int, nint, int, nint, int> broadcast;
    private bool isOver;

    private MpiCommunicator(MpiLibrary library, int rank, int size, TimeSpan limit, Action<string> whenHung)
    {
        (this.library, Rank, Size, this.limit) = (library, rank, size, limit);
        exchange = (delegate* unmanaged<void*, int, nint, void*, int, nint, nint, int>)library.Function("MPI_Alltoall");
        gather = (delegate* unmanaged<void*, int, nint, void*, int, nint, nint, int>)library.Function("MPI_Allgather");
        broadcast = (delegate* unmanaged<void*, int, nint, int, nint, int>)library.Function("MPI_Bcast");
        hangs = new Timer(
            _ =>
            whenHung(
            $"Rank {rank} has waited {limit.TotalSeconds:0} seconds for the other ranks: one of them hangs, or can't be reached. The job "
            + "ends here; "
            + "go on with --resume. If they only need more time between two steps, give --rank-timeout more seconds."));
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>Joins the ranks that the launcher started; without a launcher there is one rank.</summary>
    /// <param name="limit">How long this rank waits for the others at most.</param>
    /// <param name="whenHung">Told in a sentence when it has waited so long, on a thread of its own while this rank is still waiting; it
    /// has to end the process.</param>
    /// <exception cref="TrainerException">There is no MPI here, or not the one of the launcher.</exception>
    public static MpiCommunicator Begin(TimeSpan limit, Action<string> whenHung)
    {
        ArgumentNullException.ThrowIfNull(whenHung);
        var library = MpiLibrary.Load();
        var (given, rank, size) = (0, 0, 0);
        _ = ((delegate* unmanaged<void*, void*, int, int*, int>)library.Function("MPI_Init_thread"))(
            null, null, CallsFromOneThread, &given);
        _ = ((delegate* unmanaged<nint, int*, int>)library.Function("MPI_Comm_rank"))(library.World, &rank);
        _ = ((delegate* unmanaged<nint, int*, int>)library.Function("MPI_Comm_size"))(library.World, &size);
        var ranks = new MpiCommunicator(library, rank, size, limit, whenHung);
        if (size == 1 && Launcher.Ranks is { Count: > 1 } launched)
        {
            throw new TrainerException(
                $"The launcher started {launched.Count} ranks ({launched.Variable}), but {library.Name} knows of one: it belongs to "
                + "another MPI than the launcher. "
                + $"Start with that MPI's own mpirun (mpirun.openmpi, mpirun.mpich), or name the launcher's library in "
                    + $"{MpiLibrary.PathVariable}.");
        }

        return ranks;
    }

    /// <inheritdoc/>
    public void Exchange(ReadOnlySpan<byte> slices, Span<byte> received)
    {
        var slice = slices.Length / Size;
        fixed (byte* from = slices, to = received)
        {
            var (sent, taken) = ((nint)from, (nint)to);
            Wait(() => exchange((void*)sent, slice, library.Bytes, (void*)taken, slice, library.Bytes, library.World));
        }
    }

    /// <inheritdoc/>
    public void Gather(ReadOnlySpan<byte> own, Span<byte> all)
    {
        var length = own.Length;
        fixed (byte* from = own, to = all)
        {
            var (sent, taken) = ((nint)from, (nint)to);
            Wait(() => gather((void*)sent, length, library.Bytes, (void*)taken, length, library.Bytes, library.World));
        }
    }

    /// <inheritdoc/>
    public void Broadcast(Span<byte> data, int from)
    {
        var length = data.Length;
        fixed (byte* first = data)
        {
            var place = (nint)first;
            Wait(() => broadcast((void*)place, length, library.Bytes, from, library.World));
        }
    }

    /// <summary>Ends the job on all ranks at once, this process among them.</summary>
    /// <param name="code">What the launcher is to end with.</param>
    public void Abort(int code)
    {
        isOver = true;
        _ = ((delegate* unmanaged<nint, int, int>)library.Function("MPI_Abort"))(library.World, code);
    }

    /// <summary>Leaves the ranks; waits until all of them do.</summary>
    public void Dispose()
    {
        hangs.Dispose();
        if (!isOver)
        {
            isOver = true;
            _ = ((delegate* unmanaged<int>)library.Function("MPI_Finalize"))();
        }
    }

    /// <summary>Whatever goes wrong within MPI ends the job there: that is its default. What never comes back is found here.</summary>
    private void Wait(Func<int> call)
    {
        _ = hangs.Change(limit, Timeout.InfiniteTimeSpan);
        _ = call();
        _ = hangs.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
