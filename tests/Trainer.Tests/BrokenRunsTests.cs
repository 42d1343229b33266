using System.Diagnostics;
using Trainer.Core.Randomness;
using Trainer.Core.Tests;
using Xunit;

namespace Trainer.Tests;

/// <summary>Kills, stops and starves runs at random moments. None is lost, and each ends like the unbroken run.</summary>
[Collection(Apart.Name)]
public sealed class BrokenRunsTests
{
    private const int KillsBeforeTheEnd = 4;
    private readonly SmallRuns runs;

    public BrokenRunsTests(SmallRuns runs)
    {
        this.runs = runs;
        runs.Clear();
    }

    [Fact]
    public void KilledRunsGoOnAndEndTheSame()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent as POSIX has them.");
        var (passed, failures) = (0, new List<string>());
        var left = Torture.Rounds("KILLS", 1);
        for (var round = 0; left > 0 && Torture.HasTime; round++)
        {
            var random = new CounterRandom(Torture.Seed, 9, (ulong)round);
            var kills = 0;
            while (kills < Math.Min(left, KillsBeforeTheEnd) && runs.Begin() is var run
                && run.SignalAfter(random.NextDouble() * runs.Duration, RunningTrainer.Kill))
            {
                run.WaitForEnd();
                kills++;
            }

            var end = runs.Begin().WaitForEnd();
            left -= kills;
            if ((end.ExitCode == 0 ? runs.Difference() : end.Error) is { } failure)
            {
                failures.Add($"round {round}, {kills} kills: {failure}");
            }
            else
            {
                passed += kills;
            }
        }

        Torture.Report("kill -9", passed, failures);
    }

    [Fact]
    public void StoppedRunsSaveSayHowToGoOnAndEndTheSame()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent as POSIX has them.");
        var (passed, failures) = (0, new List<string>());
        var rounds = Torture.Rounds("STOPS", 1);
        for (var round = 0; round < rounds && Torture.HasTime; round++)
        {
            var random = new CounterRandom(Torture.Seed, 15, (ulong)round);
            var signal = round % 2 == 0 ? RunningTrainer.Terminate : RunningTrainer.Interrupt;
            if (Stop(random.NextDouble() * runs.Duration, signal) is { } failure)
            {
                failures.Add($"round {round}: {failure}");
                runs.Clear(); // the next run starts from the beginning
            }
            else
            {
                passed++;
            }
        }

        Torture.Report("SIGTERM and SIGINT", passed, failures);
    }

    [Fact]
    public void SecondSignalLeavesAtOnceAndBreaksNothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent as POSIX has them.");
        var run = runs.Begin();
        run.SignalAfter(runs.Duration / 2, RunningTrainer.Interrupt);

        run.SignalAfter(TimeSpan.FromMilliseconds(5), RunningTrainer.Interrupt);

        Assert.True(run.WaitForEnd().ExitCode is 0 or 130 or 143); // 0 if it had finished before
        Assert.Equal(0, runs.Begin().WaitForEnd().ExitCode);
        Assert.Null(runs.Difference());
    }

    [Fact]
    public void FullDiskIsAnErrorAndWhatWasSavedStays()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Directory.Exists("/dev/shm"), "Fills a limit of the shell, as Linux has it.");
        var first = runs.Begin();
        first.SignalAfter(runs.Duration / 2, RunningTrainer.Terminate);
        first.WaitForEnd();

        const string MostBlocks = "4000"; // limits a file to blocks of half or a whole KiB, less than a checkpoint
        var full = TrainerProcess.Shell(
            runs.Run + "/..",
            $"trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0; ulimit -f {MostBlocks}; exec \"$0\" train --resume out "
            + $"{SmallRuns.NoReport}");

        Assert.True(full.ExitCode is 0 or 1, full.Error); // 0 if nothing was left to write
        Assert.DoesNotContain("bug in trainer", full.Error, StringComparison.Ordinal);
        Assert.Equal(0, runs.Begin().WaitForEnd().ExitCode);
        Assert.Null(runs.Difference());
    }

    /// <summary>The handles are too few because of a low limit, or because others are taken.</summary>
    [Theory]
    [InlineData(72, 0)]
    [InlineData(80, 0)]
    [InlineData(100, 0)]
    [InlineData(128, 0)]
    [InlineData(270, 0)]
    [InlineData(512, 250)]
    [InlineData(512, 440)]
    public void TooFewFileHandlesAreRefusedAtOnce(int limit, int taken)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "Takes handles as bash does.");
        using var folder = new TemporaryFolder();

        var ended = WithHandles(folder.Root, limit, taken, "quickstart --out out");

        Assert.Equal(1, ended.ExitCode);
        Assert.Matches($"^error: trainer needs 256 more file handles than it has, and [0-9]+ are left: the limit is {limit}\\.[^\n]*\n$",
            ended.Error);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void EnoughFileHandlesAreEnough()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "Takes handles as bash does.");

        Assert.Equal(0, WithHandles(Path.GetTempPath(), limit: 512, taken: 100, "--help").ExitCode);
    }

    private static Outcome WithHandles(string folder, int limit, int taken, string arguments) => TrainerProcess.Shell(
        folder,
        $"exec bash -c 'ulimit -n {limit}; for i in $(seq {taken}); do exec {{taken}}</dev/null; done; exec \"$0\" {arguments}' \"$0\"");

    [Fact]
    public void TwoProgramsNeverWorkInOneFolder()
    {
        var (one, other) = (runs.Begin(), runs.Start(SmallRuns.Options));

        var ends = new[] { one.WaitForEnd(), other.WaitForEnd() }.OrderBy(end => end.ExitCode).ToArray();

        Assert.Equal([0, 1], ends.Select(end => end.ExitCode));
        Assert.Matches("error: (Another trainer is writing to 'out'|'out' already holds)", ends[1].Error);
        Assert.Null(runs.Difference());
    }

    private string? Stop(TimeSpan after, int signal)
    {
        var run = runs.Begin();
        var isStopped = run.SignalAfter(after, signal);
        var clock = Stopwatch.StartNew();
        var stopped = run.WaitForEnd();
        var taken = clock.Elapsed;
        if (isStopped && stopped.ExitCode != 0 && stopped.ExitCode != 128 + signal)
        {
            return $"exit code {stopped.ExitCode}: {stopped.Error}";
        }

        if (taken > Torture.MostToStop + LongestStep)
        {
            return $"took {taken} to stop";
        }

        var (isDone, saysHow) =
            (stopped.Output.Contains("Done in", StringComparison.Ordinal),
            stopped.Output.Contains("resume: trainer train --resume out", StringComparison.Ordinal));
        // A finished run may be stopped while it writes its report.
        if (stopped.ExitCode != 0 && File.Exists(Path.Combine(runs.Run, "last.ckpt")) && !isDone && !saysHow)
        {
            return $"doesn't say how to go on: {stopped.Output}";
        }

        var end = runs.Begin().WaitForEnd();
        return end.ExitCode == 0 ? runs.Difference() : end.Error;
    }

    /// <summary>A generous upper bound for the duration of a step on this machine, which may be busy.</summary>
    private TimeSpan LongestStep => runs.Duration / 4;
}
