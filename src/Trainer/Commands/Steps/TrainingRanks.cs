using System.CommandLine;
using Trainer.Core;
using Trainer.Core.Platform;
using Trainer.Core.Ranks;
using Trainer.Core.Ranks.Mpi;
using Trainer.Terminal;

namespace Trainer.Commands.Steps;

/// <summary>The options by which several processes train one run, and how they begin and end together.</summary>
internal sealed class TrainingRanks
{
    // what is wrong on all ranks is said once: the leader ends the job
    private static readonly TimeSpan LeaderSpeaksFirst = TimeSpan.FromSeconds(3);

    private readonly Option<string> distributed = new Option<string>("--distributed")
    {
        Description =
            "Train as one of several processes that a launcher of MPI started (mpirun, srun); see docs/scale.md. Each step's chunks are "
            + "shared out among them.",
        HelpName = "mpi",
    }.AcceptOnlyFromAmong("mpi");

    private readonly Option<int> timeout = new("--rank-timeout")
    {
        Description = "With --distributed: seconds that a rank waits for the others before it ends the job.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 600,
    };

    public TrainingRanks(Command command)
    {
        command.Options.Add(distributed);
        command.Options.Add(timeout);
    }

    /// <summary>Has the work done by this process as one of the ranks, or alone. An error on one rank ends the job on all.</summary>
    public void Run(ParseResult result, Action<ICommunicator> work)
    {
        if (result.GetValue(distributed) is null)
        {
            Launcher.RequireAlone();
            work(new SingleRank());
            return;
        }

        var seconds = result.GetValue(timeout);
        using var ranks = MpiCommunicator.Begin(
            seconds > 0 ? TimeSpan.FromSeconds(seconds)
            : throw new TrainerException($"--rank-timeout is {seconds}; it must be at least 1 second."), EndJob);
        if (ranks.Size > 1 && Launcher.LocalRank is { } local)
        {
            NativeEnvironment.ShowGpu(local);
        }

        try
        {
            work(ranks);
        }
        catch (Exception e) when (e is not OperationCanceledException && ranks.Size > 1)
        {
            if (ranks.Rank > 0)
            {
                Thread.Sleep(LeaderSpeaksFirst);
                Screen.Note($"rank {ranks.Rank} of {ranks.Size}:");
            }

            ranks.Abort(Program.Tell(e));
        }
    }

    private static void EndJob(string why)
    {
        Screen.Error(why);
        Interruption.LeaveWith(Program.UserCanMendIt);
    }
}
