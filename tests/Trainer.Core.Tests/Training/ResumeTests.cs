using System.Text.Json.Nodes;
using Trainer.Core.Runs;
using Trainer.Core.Training;
using Trainer.Core.Training.Planning;
using Xunit;

namespace Trainer.Core.Tests.Training;

public sealed class ResumeTests(UnbrokenRun unbroken) : IClassFixture<UnbrokenRun>, IDisposable
{
    private readonly List<TrainingEvent> events = [];

    public void Dispose()
    {
        if (Directory.Exists(Out))
        {
            Directory.Delete(Out, recursive: true);
        }
    }

    [Fact]
    public void ClosedFormGateWithLookAlikesIsComputedAgain()
    {
        using var whole = new UnbrokenRun((options, folder) => options with
        {
            Epochs = 1,
            Negative = new Dictionary<string, string> { ["leaves"] = DrawnPictures.Negatives(folder, "leaves", 4, first: 700) },
        });
        StopAfter(whole, typeof(StepDone), 0);

        _ = Resume(whole);

        whole.AssertSame(whole.Options.Out);
    }

    /// <summary>The run is stopped right after an event; the numbers count the events of a run.</summary>
    [Theory]
    [InlineData(typeof(StepDone), 0)]   // in the middle of an epoch
    [InlineData(typeof(EpochDone), 0)]  // before its validation
    [InlineData(typeof(Validated), 0)]
    public void StoppedRunEndsAsAnUnbrokenOneDoes(Type kind, int number)
    {
        StopAfter(kind, number);

        _ = Resume();

        unbroken.AssertSame(Out);
    }

    [Fact]
    public void CompleteRunHasNothingLeftToDo()
    {
        unbroken.CopyTo(Out);

        _ = Resume();

        Assert.Empty(events.OfType<StepDone>());
        unbroken.AssertSame(Out);
    }

    [Fact]
    public void StopIsToldAndOfADamagedCheckpointTheOneBeforeTaken()
    {
        StopAfter(typeof(StepDone), 2);
        Assert.Equal(new RunStopped(Out, Step: 3), events[^1]);
        var run = new RunFolder(Out);
        Damage(run.LastCheckpoint);

        _ = Resume();

        var notice = Assert.Single(events.OfType<Notice>(), notice => notice.Text.Contains("damaged", StringComparison.Ordinal));
        Assert.StartsWith(
            $"The checkpoint '{run.LastCheckpoint}' is damaged: its checksum doesn't fit", notice.Text, StringComparison.Ordinal);
        File.Delete(Path.Combine(Out, "last.damaged.ckpt"));
        unbroken.AssertSame(Out);
    }

    [Fact]
    public void MissingCheckpointsBeginAtTheFirstStep()
    {
        StopAfter(typeof(StepDone), 2);
        var run = new RunFolder(Out);
        File.Delete(run.LastCheckpoint);
        File.Delete(run.PreviousCheckpoint);

        _ = Resume();

        Assert.Equal(0, Assert.Single(events.OfType<RunResumed>()).Step);
        unbroken.AssertSame(Out);
    }

    [Fact]
    public void DamagedCheckpointsAloneAreRefused()
    {
        StopAfter(typeof(StepDone), 2);
        var run = new RunFolder(Out);
        Damage(run.LastCheckpoint);
        Damage(run.PreviousCheckpoint);

        var error = Assert.Throws<TrainerException>(() => Resume());

        Assert.Contains($"'{run.PreviousCheckpoint}' is damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains("There is no other to go on from.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherOptionsAreRefusedWithTheDifference()
    {
        StopAfter(typeof(DataReady), 0);

        var error = Assert.Throws<TrainerException>(
            () => ResumedRun.Open(Out, new JsonObject { ["lr"] = 0.5, ["epochs"] = 2, ["checkpointEvery"] = "7m" }));

        Assert.StartsWith($"The run in '{Out}' can't be resumed with other options: lr was 0.0003 and is now 0.5. Leave them "
            + "out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherPicturesAreRefusedByName()
    {
        StopAfter(typeof(DataReady), 0);
        var pictures = Directory.GetFiles(unbroken.Options.Normal).Order(StringComparer.Ordinal)
            .Where(path => !path.Contains("broken", StringComparison.Ordinal)).ToArray();
        var added = Path.Combine(unbroken.Options.Normal, "added.jpg");
        File.Copy(pictures[0], added);
        File.Move(pictures[1], pictures[1] + ".away");
        var original = File.ReadAllBytes(pictures[2]);
        File.Copy(pictures[0], pictures[2], overwrite: true);
        try
        {
            var error = Assert.Throws<TrainerException>(() => Resume());

            Assert.StartsWith("The pictures aren't those that the run began with: 1 added (normal/added.jpg); "
                + $"1 removed or unreadable (normal/{Path.GetFileName(pictures[1])}); 1 changed (normal/{Path.GetFileName(pictures[2])}).",
                    error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(added);
            File.Move(pictures[1] + ".away", pictures[1]);
            File.WriteAllBytes(pictures[2], original);
        }
    }

    [Fact]
    public void FolderWithoutARunIsRefused() => Assert.Contains(
        "holds no options.json", Assert.Throws<TrainerException>(() => ResumedRun.Open(unbroken.Folder.Root)).Message,
        StringComparison.Ordinal);

    private string Out => unbroken.Options.Out;

    private void StopAfter(Type kind, int number) => StopAfter(unbroken, kind, number);

    private void StopAfter(UnbrokenRun whole, Type kind, int number) => Assert.ThrowsAny<OperationCanceledException>(() =>
        Stopping(kind, number, (tell, cancel) =>
            new TrainingLoop(TrainingPlan.Make(whole.Options, tell, cancel: cancel), tell).Run(cancel)));

    private RunDone Resume() => Resume(unbroken);

    private RunDone Resume(UnbrokenRun whole) => new TrainingLoop(
        TrainingPlan.Resume(ResumedRun.Open(whole.Options.Out), events.Add), events.Add).Run(TestContext.Current.CancellationToken);

    private void Stopping(Type kind, int number, Action<Action<TrainingEvent>, CancellationToken> run)
    {
        using var cancellation = new CancellationTokenSource();
        run(
            happened =>
            {
                events.Add(happened);
                if (happened.GetType() == kind && number-- == 0)
                {
                    cancellation.Cancel();
                }
            },
            cancellation.Token);
    }

    private static void Damage(string path)
    {
        using var file = File.OpenWrite(path);
        file.Position = file.Length / 2;
        file.WriteByte(0x5A);
        file.WriteByte(0x5B);
    }
}
