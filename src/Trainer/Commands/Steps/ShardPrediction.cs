using System.Diagnostics;
using System.Globalization;
using Trainer.Commands.Options;
using Trainer.Core;
using Trainer.Core.Scoring.Shards;
using Trainer.Core.Wording;
using Trainer.Terminal;

namespace Trainer.Commands.Steps;

/// <summary>predict --shards: a task's share of a large store of pictures. Its exit codes tell schedulers whether another try
/// helps.</summary>
internal sealed class ShardPrediction(ShardScoring scoring)
{
    /// <summary>Exit code when something couldn't be read or written: sysexits.h, EX_TEMPFAIL.</summary>
    private const int TryAgain = 75;

    /// <summary>Exit code when a shard is broken, which another try won't change: sysexits.h, EX_DATAERR.</summary>
    private const int BrokenShard = 65;

    /// <summary>Scores the share, a line for each shard.</summary>
    /// <returns>The exit code.</returns>
    public int Score(IReadOnlyList<Shard> shards, TaskShare share)
    {
        var mine = share.Of(shards).ToArray();
        var states = new Dictionary<ShardState, int>();
        var (total, scored) = (default(ShardCounts), 0L);
        var clock = Stopwatch.StartNew();
        try
        {
            foreach (var shard in mine)
            {
                var begun = clock.Elapsed;
                var outcome = scoring.Score(shard, Interruption.Token);
                states[outcome.State] = states.GetValueOrDefault(outcome.State) + 1;
                total += outcome.Counts;
                scored += outcome.State == ShardState.Scored ? outcome.Counts.Pictures : 0;
                Tell(shard, outcome, clock.Elapsed - begun);
            }
        }
        catch (TrainerException e) when (e.InnerException is IOException or UnauthorizedAccessException)
        {
            Screen.Error(e.Message); // a full disk would fail the next shard as well
            return TryAgain;
        }

        var of = share.Count > 1 ? $" of {shards.Count}, task {share.Index} of {share.Count}" : "";
        var rate = scored > 0 ? $", {scored / clock.Elapsed.TotalSeconds:0} pictures/s" : "";
        Screen.Line(string.Create(CultureInfo.InvariantCulture,
            $"{Counted.Of(mine.Length, "shard")}{of}: {Of(ShardState.Scored)} scored, {Of(ShardState.WasThere)} there already, "
                + $"{Of(ShardState.Broken)} broken, {Of(ShardState.Unavailable)} not read; {Described(total)}{rate}"));
        return Of(ShardState.Unavailable) > 0 ? TryAgain : Of(ShardState.Broken) > 0 ? BrokenShard : 0;

        int Of(ShardState state) => states.GetValueOrDefault(state);
    }

    /// <summary>Lists what is still to be done, for all tasks.</summary>
    /// <returns>The exit code.</returns>
    public int Verify(IReadOnlyList<Shard> shards)
    {
        var missing = 0;
        foreach (var shard in shards)
        {
            if (scoring.Missing(shard) is { } what)
            {
                missing++;
                Screen.Line($"{Screen.Escape(shard.Source)}: {Screen.Escape(what)}");
            }
        }

        Screen.Line(missing == 0 ? $"{Counted.Of(shards.Count, "shard")}: all scored."
            : $"{missing} of {Counted.Of(shards.Count, "shard")} not scored: run it again without --verify.");
        return missing == 0 ? 0 : TryAgain;
    }

    private static void Tell(Shard shard, ShardOutcome outcome, TimeSpan took)
    {
        var name = Screen.Escape(shard.Source);
        switch (outcome.State)
        {
            case ShardState.Scored:
                Screen.Line($"{name}: {Described(outcome.Counts)}, {Screen.Time(took.TotalSeconds)}");
                break;
            case ShardState.WasThere:
                Screen.Line($"{name}: there already, {Described(outcome.Counts)}");
                break;
            default:
                Screen.Error($"{shard.Source}: {outcome.Error}");
                break;
        }
    }

    private static string Described(ShardCounts counts) =>
        $"{Counted.Of(counts.Pictures, "picture")}, {counts.Accepted} accepted, {counts.Unreadable} unreadable";
}
