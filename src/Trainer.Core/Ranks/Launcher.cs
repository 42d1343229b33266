using System.Globalization;

namespace Trainer.Core.Ranks;

/// <summary>What a launcher of ranks says in the environment.</summary>
public static class Launcher
{
    private static readonly string[] Sizes = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_NTASKS"];

    private static readonly string[] LocalRanks = ["OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID", "SLURM_LOCALID"];

    /// <summary>How many ranks were started, and which variable says so; null where there was no launcher.</summary>
    public static (string Variable, int Count)? Ranks => First(Sizes);

    /// <summary>This process's number among those on its machine, 0-based: the GPU that it is to take; null where nobody says.</summary>
    public static int? LocalRank => First(LocalRanks)?.Count;

    /// <summary>True under Open MPI's launcher, or another that speaks PMIx as it does.</summary>
    internal static bool IsOpenMpis =>
        Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_SIZE") is not null
        || Environment.GetEnvironmentVariable("PMIX_RANK") is not null;

    /// <summary>Makes sure that a program that works alone isn't one of many: each would train a run of its own, into the same
    /// folder.</summary>
    /// <exception cref="TrainerException">It is.</exception>
    public static void RequireAlone()
    {
        if (Ranks is { Count: > 1 } ranks)
        {
            throw new TrainerException(
                $"{ranks.Variable} is {ranks.Count}: a launcher started so many ranks, and each of them would train a run of its own. "
                + $"To train one run together, add --distributed mpi; to train alone inside a larger job, unset {ranks.Variable} first.");
        }
    }

    private static (string Variable, int Count)? First(string[] variables)
    {
        foreach (var variable in variables)
        {
            if (int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                return (variable, count);
            }
        }

        return null;
    }
}
