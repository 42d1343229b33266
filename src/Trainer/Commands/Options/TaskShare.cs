using System.Globalization;
using Trainer.Core;

namespace Trainer.Commands.Options;

/// <summary>Which of the tasks that share out some work this program is.</summary>
/// <param name="Index">From 0 on.</param>
/// <param name="Count">At least 1.</param>
internal readonly record struct TaskShare(int Index, int Count)
{
    /// <summary>By the option; without it by the variables of schedulers; else all of the work.</summary>
    /// <param name="given">--task as it was given, or null.</param>
    /// <param name="variable">Reads the environment.</param>
    /// <exception cref="TrainerException">The option is no share, or the scheduler's numbers don't tell.</exception>
    public static TaskShare Of(string? given, Func<string, string?> variable)
    {
        if (given is not null)
        {
            return given.Split('/') is [var index, var count] && Parsed(index) is { } i && Parsed(count) is { } n && i < n
                ? new TaskShare(i, n)
                : throw new TrainerException(
                    $"--task is {given}; it must be I/N with I from 0 to N-1, such as 0/8 for the first of eight.");
        }

        return OfSlurm(variable)
            ?? Of(variable, "AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE")
            ?? Of(variable, "CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_COUNT")
            ?? (variable("JOB_COMPLETION_INDEX") is null ? new TaskShare(0, 1) : throw new TrainerException(
                "JOB_COMPLETION_INDEX says which task of a Kubernetes job this is, but nothing says of how many. Add --task "
                    + "\"$(JOB_COMPLETION_INDEX)/N\", N as in 'completions'."));
    }

    /// <summary>This task's part: every Nth thing, so that all tasks get as many.</summary>
    public IEnumerable<T> Of<T>(IEnumerable<T> things)
    {
        var (index, count) = (Index, Count);
        return things.Where((_, i) => i % count == index);
    }

    /// <summary>An array may begin anywhere and go in steps, but gaps in it would leave shards to nobody.</summary>
    private static TaskShare? OfSlurm(Func<string, string?> variable)
    {
        if (variable("SLURM_ARRAY_TASK_ID") is null)
        {
            return null;
        }

        var (id, first, last, count) = (Number("ID"), Number("MIN"), Number("MAX"), Number("COUNT"));
        var step = variable("SLURM_ARRAY_TASK_STEP") is null ? 1 : Math.Max(Number("STEP"), 1);
        return ((last - first) / step) + 1 == count && id >= first && (id - first) % step == 0 && (id - first) / step < count
            ? new TaskShare((id - first) / step, count)
            : throw new TrainerException(
                $"This Slurm array has gaps: {count} tasks from {first} to {last} in steps of {step}. Say which share is whose: --task "
                + "$SLURM_ARRAY_TASK_ID/N, N as in the first, whole array.");

        int Number(string name) => Parsed(variable($"SLURM_ARRAY_TASK_{name}"))
            ?? throw new TrainerException(
                $"SLURM_ARRAY_TASK_ID is there, but SLURM_ARRAY_TASK_{name} is no number. Say which share this is: --task I/N.");
    }

    private static TaskShare? Of(Func<string, string?> variable, string indexName, string countName) =>
        (variable(indexName), variable(countName)) switch
        {
            (null, _) => null,
            var (index, count) when Parsed(index) is { } i && Parsed(count) is { } n && i < n => new TaskShare(i, n),
            var (index, count) =>
            throw new TrainerException($"{indexName} is '{index}' and {countName} '{count}', which is no share. Say it: --task I/N."),
        };

    private static int? Parsed(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
