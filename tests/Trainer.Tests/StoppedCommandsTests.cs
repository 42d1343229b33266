using System.Diagnostics;
using Trainer.Core.Platform;
using Trainer.Core.Randomness;
using Trainer.Core.Tests;
using Xunit;

namespace Trainer.Tests;

/// <summary>Stops commands after training at random moments. They end in time, break nothing, and succeed when started again.</summary>
[Collection(Apart.Name)]
public sealed class StoppedCommandsTests(SmallRuns runs)
{
    private static readonly string[][] Commands =
        [["report", "out"], ["export", "--run", "out", "--onnx"], ["export", "--run", "out", "--coreml"], ["eval", "--run", "out"]];

    [Fact]
    public void LeaveInTimeAndBreakNothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent as POSIX has them.");
        runs.Finish();
        var checkpoints = Checkpoints();
        var durations = new Dictionary<int, TimeSpan>();
        var (passed, failures) = (0, new List<string>());
        var rounds = Torture.Rounds("STOPS", 2);
        for (var round = 0; round < rounds && Torture.HasTime; round++)
        {
            var which = round % Commands.Length;
            var random = new CounterRandom(Torture.Seed, 21, (ulong)round);
            if (!durations.TryGetValue(which, out var duration))
            {
                durations[which] = duration = Duration(Commands[which]);
            }

            if (Stop(Commands[which], random.NextDouble() * duration,
                round % 8 < 4 ? RunningTrainer.Terminate : RunningTrainer.Interrupt) is { } failure)
            {
                failures.Add($"round {round}, {Commands[which][0]}: {failure}");
            }
            else
            {
                passed++;
            }
        }

        Assert.Equal(checkpoints, Checkpoints());
        Torture.Report("SIGTERM and SIGINT in export, report, eval", passed, failures);
    }

    private TimeSpan Duration(string[] command)
    {
        var clock = Stopwatch.StartNew();
        var end = runs.Start(command).WaitForEnd();
        return end.ExitCode == 0 ? clock.Elapsed : throw new InvalidOperationException(end.Error);
    }

    private string? Stop(string[] command, TimeSpan after, int signal)
    {
        var run = runs.Start(command);
        var isStopped = run.SignalAfter(after, signal);
        var clock = Stopwatch.StartNew();
        var stopped = run.WaitForEnd();
        var taken = clock.Elapsed;
        if (stopped.ExitCode != 0 && !(isStopped && stopped.ExitCode == 128 + signal))
        {
            return $"exit code {stopped.ExitCode}: {stopped.Error}";
        }

        if (taken > Torture.MostToStop)
        {
            return $"took {taken} to stop";
        }

        if (Directory.EnumerateFileSystemEntries(runs.Run).FirstOrDefault(AtomicFile.IsTemporary) is { } leftover)
        {
            return $"left {leftover}";
        }

        var again = runs.Start(command).WaitForEnd();
        return again.ExitCode == 0 ? null : again.Error;
    }

    private string Checkpoints() => string.Concat(new[] { "best.ckpt", "last.ckpt", "embedding.txt" }.Select(name =>
        Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(runs.Run, name))))));
}
