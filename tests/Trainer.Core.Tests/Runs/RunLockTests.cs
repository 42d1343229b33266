using Trainer.Core.Runs;
using Xunit;

namespace Trainer.Core.Tests.Runs;

public sealed class RunLockTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void SecondTrainerIsRefusedUntilTheFirstIsDone()
    {
        var run = new RunFolder(folder.Root);
        using (RunLock.Take(run))
        {
            var error = Assert.Throws<TrainerException>(() => RunLock.Take(run));

            Assert.StartsWith($"Another trainer is writing to '{folder.Root}'.", error.Message, StringComparison.Ordinal);
        }

        RunLock.Take(run).Dispose();
        Assert.Empty(Directory.GetFiles(folder.Root));
    }

    [Fact]
    public void LeftoversOfKilledProgramsAreClearedAway()
    {
        folder.Write($"last.ckpt.{int.MaxValue}.tmp"); // no process has such a high number
        folder.Write($"best.ckpt.{Environment.ProcessId}.tmp"); // a restarted container reuses process numbers
        folder.Write("notes.tmp");
        folder.Write("last.ckpt");

        RunLock.Take(new RunFolder(folder.Root)).Dispose();

        Assert.Equal(["last.ckpt", "notes.tmp"], Directory.GetFiles(folder.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void NewRunMayGoWhereOneWasKilledBeforeItsFirstFile()
    {
        folder.Write("lock");
        folder.Write("options.json.123456789.tmp");

        RunFolder.RequireFree(folder.Root);

        folder.Write("options.json");
        Assert.Throws<TrainerException>(() => RunFolder.RequireFree(folder.Root));
    }

    [Fact]
    public void MissingFolderIsRefused() =>
        Assert.Contains("There is no folder",
            Assert.Throws<TrainerException>(() => RunLock.Take(new RunFolder(folder.PathOf("none/none")))).Message,
            StringComparison.Ordinal);
}
