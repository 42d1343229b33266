using Xunit;

namespace Trainer.Tests;

/// <summary>Writing results can fail, too.</summary>
public sealed class ResultStreamTests(TrainedRun run)
{
    [Fact]
    public void FullDiskBehindStandardOutputIsTheUsersToMend()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs a device that is always full.");

        var outcome = TrainerProcess.Shell(run.Work, "\"$0\" --help > /dev/full");

        Assert.Equal((1, "error: Can't write to standard output: No space left on device. Files that were written before are "
            + "complete.\n"), (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public void ReaderThatHasLeftIsNoMistake()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Asks a POSIX shell.");

        var outcome = TrainerProcess.Shell(run.Work, "{ sleep 0.2; \"$0\" train --help; echo \"ended with $?\" >&2; } | true");

        Assert.Equal("ended with 0\n", outcome.Error);
    }
}
