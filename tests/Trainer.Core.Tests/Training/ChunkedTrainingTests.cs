using System.IO.Hashing;
using Trainer.Core.Ranks;
using Trainer.Core.Runs;
using Trainer.Core.Runs.Files;
using Trainer.Core.Runs.Options;
using Trainer.Core.Tests.Ranks;
using Trainer.Core.Training;
using Trainer.Core.Training.Planning;
using Xunit;

namespace Trainer.Core.Tests.Training;

/// <summary>Steps made of chunks: on one rank or many, the run's bytes are the same.</summary>
public sealed class ChunkedTrainingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TrainingOptions options;
    private readonly ManualResetEventSlim leaderHasDrawn = new();
    private Action<ICommunicator, TrainingEvent>? told;

    public ChunkedTrainingTests()
    {
        options = new TrainingOptions
        {
            Normal = DrawnPictures.Normals(folder, "normal", 12),
            Coco = DrawnPictures.Negatives(folder, "coco", 12),
            Out = Path.Combine(folder.Root, "run"),
            Gate = GateKind.Centroid, // it takes a moment; for the other kind see GateFitterTests
            Epochs = 2,
            Batch = 12,
            Chunk = 3,
            SaveInterval = 2,
            Weights = StartWeights.BuiltIn,
            Device = "cpu",
            Threads = 1, // of each rank
            CacheLimit = 0,
        };
        folder.Write("normal/broken.jpg", DrawnPictures.HalfAJpeg(0));
    }

    public void Dispose()
    {
        TorchSharp.torch.set_num_threads(2); // as the other tests have it
        leaderHasDrawn.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void TwoRanksThatAreStoppedAndFourThatGoOnLeaveTheBytesOfOneAlone()
    {
        var alone = Train(options, ranks: 1);
        using var stop = new CancellationTokenSource();
        told = (together, happened) =>
        {
            if (happened is StepDone { Step: 0 } && together.Rank == 1) // the leader learns of it by the next step's sums
            {
                stop.Cancel();
            }
        };
        Assert.ThrowsAny<OperationCanceledException>(
            () => MemoryRanks.Run(2, together => Train(options, together, together.Rank == 1 ? stop.Token : CancellationToken.None)));

        _ = MemoryRanks.Run(
            4, ranks => new TrainingLoop(TrainingPlan.Resume(ResumedRun.Open(options.Out), _ => { }, ranks: ranks), _ => { }).Run());

        Assert.Equal(alone, Take());
    }

    [Fact]
    public void AStepOfOneChunkIsAStepInOneGo()
    {
        var whole = Train(options with { Chunk = 0, Epochs = 1 }, ranks: 1);

        var chunk = Train(options with { Chunk = options.Batch, Epochs = 1 }, ranks: 1);

        Assert.Equal(whole, chunk);
    }

    [Theory]
    [InlineData(2, 0, "2 ranks share out a step by its chunks, and --chunk isn't given. With --batch 12, say --chunk 6;")]
    [InlineData(4, 6, "There are 4 ranks; it must be 1, 2, 4 or a higher power of two, and no more than the 2 chunks of a step")]
    [InlineData(3, 3, "There are 3 ranks; it must be")]
    public void RanksThatCannotShareAreRefused(int ranks, int chunk, string expected)
    {
        var refused = MemoryRanks.Run(
            ranks, together => Record.Exception(() => SharedRun.RequireChunks(options with { Chunk = chunk }, together)));

        Assert.All(refused, e => Assert.StartsWith(expected, Assert.IsType<TrainerException>(e).Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(4)] // three of them
    [InlineData(24)]
    public void AChunkIsThePowerOfTwothPartOfABatch(int chunk) =>
        Assert.StartsWith(
            $"--chunk is {chunk}; it must be 0, or --batch (12) divided by",
            Assert.Throws<TrainerException>(() => (options with { Chunk = chunk }).Checked()).Message, StringComparison.Ordinal);

    private Dictionary<string, string> Train(TrainingOptions asked, int ranks)
    {
        _ = MemoryRanks.Run(ranks, together => Train(asked, together, CancellationToken.None));
        return Take();
    }

    /// <summary>As one of the ranks. Random weights come from the process's one generator, so that the leader, whose weights count, draws
    /// before the others.</summary>
    private RunDone Train(TrainingOptions asked, ICommunicator together, CancellationToken cancel)
    {
        var plan = TrainingPlan.Make(asked, _ => { }, together, cancel);
        if (!together.IsLeader)
        {
            leaderHasDrawn.Wait(TestContext.Current.CancellationToken);
        }

        return new TrainingLoop(plan, Tell).Run(cancel);

        void Tell(TrainingEvent happened)
        {
            if (together.IsLeader && happened is DataReady)
            {
                leaderHasDrawn.Set();
            }

            told?.Invoke(together, happened);
        }
    }

    /// <summary>A digest of each tensor of the best gate and of the last state; embedding.txt and gate.json are made of them. Makes place
    /// for another run.</summary>
    private Dictionary<string, string> Take()
    {
        var run = new RunFolder(options.Out);
        var tensors = new[] { run.LastCheckpoint, run.BestCheckpoint }.SelectMany(
            path => CheckpointFile.Read(path)
            .Tensors.Select(tensor => ($"{Path.GetFileName(path)} {tensor.Key}", Convert.ToHexString(XxHash3.Hash(tensor.Value.Data.Span)))))
            .ToDictionary();
        Directory.Delete(options.Out, recursive: true);
        leaderHasDrawn.Reset();
        return tensors;
    }
}
