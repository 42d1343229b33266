namespace Trainer.Core.Ranks;

/// <summary>The processes that work on one run together, as one of them sees them: MPI's words, and the few operations that training
/// needs.</summary>
/// <remarks>Every operation is collective: each rank calls the same ones in the same order, and waits in them for the others.</remarks>
public interface ICommunicator : IDisposable
{
    /// <summary>Number of this process, from 0 to below <see cref="Size"/>.</summary>
    int Rank { get; }

    /// <summary>How many processes there are, at least 1.</summary>
    int Size { get; }

    /// <summary>True for the one rank that writes the run's files and tells of it.</summary>
    bool IsLeader => Rank == 0;

    /// <summary>Gives each rank its slice of this rank's bytes, and takes this rank's slice of theirs (MPI_Alltoall).</summary>
    /// <param name="slices"><see cref="Size"/> slices of equal length; the n-th goes to rank n.</param>
    /// <param name="received">As long; the n-th slice came from rank n.</param>
    void Exchange(ReadOnlySpan<byte> slices, Span<byte> received);

    /// <summary>Puts what each rank gives into one sequence, the same on all ranks (MPI_Allgather).</summary>
    /// <param name="own">As long on every rank.</param>
    /// <param name="all"><see cref="Size"/> times as long; the n-th part is rank n's.</param>
    void Gather(ReadOnlySpan<byte> own, Span<byte> all);

    /// <summary>Gives all ranks the bytes of one (MPI_Bcast).</summary>
    /// <param name="data">As long on every rank; read on <paramref name="from"/>, written on the others.</param>
    void Broadcast(Span<byte> data, int from);
}
