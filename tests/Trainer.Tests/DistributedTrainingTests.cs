using System.Security.Cryptography;
using Trainer.Core.Samples;
using Trainer.Core.Tests;
using Xunit;

namespace Trainer.Tests;

/// <summary>Several processes train one run, where this machine has an MPI; scripts/scale-test asks far more.</summary>
[Collection(Apart.Name)]
public sealed class DistributedTrainingTests : IDisposable
{
    private static readonly string[] Options =
    [
        "train", "--normal", "pictures/normal", "--coco", "pictures/coco", "--out", "run", "--weights", "builtin", "--gate", "centroid",
        "--epochs", "1", "--batch", "8", "--chunk", "4",
        "--device", "cpu", "--threads", "1", "--no-cache", "--no-report",
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("mpirun.openmpi", "--allow-run-as-root --oversubscribe --bind-to none -n 2")]
    [InlineData("mpirun.mpich", "-n 2")]
    public void TwoRanksLeaveTheBytesOfOneProcess(string launcher, string arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists($"/usr/bin/{launcher}"), $"There is no {launcher} on this machine.");
        SamplePictures.Write(
            folder.PathOf("pictures"), new SampleCounts { Normals = 12, Negatives = 12, Hard = 0 }, seed: 1,
            cancellation: TestContext.Current.CancellationToken);
        var alone = TrainerProcess.Run(folder.Root, Options);
        var expected = Take();

        var together = TrainerProcess.Shell(
            folder.Root, $"exec {launcher} {arguments} \"$0\" {string.Join(' ', Options)} --distributed mpi </dev/null");

        Assert.Equal((0, 0), (alone.ExitCode, together.ExitCode));
        Assert.Equal(expected, Take());
        Assert.Equal(1, together.Lines.Count(line => line.Contains("Done in", StringComparison.Ordinal))); // one rank speaks
    }

    [Fact]
    public void OneOfManyThatWouldTrainAloneIsRefused()
    {
        var refused = TrainerProcess.Run(folder.Root, Options, ("OMPI_COMM_WORLD_SIZE", "2"));

        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("add --distributed mpi", refused.Error, StringComparison.Ordinal);
    }

    /// <summary>Hashes of what the run left; makes place for the next.</summary>
    private string[] Take()
    {
        string[] hashes =
            [.. new[] { "last.ckpt", "best.ckpt", "embedding.txt" }.Select(
            name => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(folder.PathOf($"run/{name}")))))];
        Directory.Delete(folder.PathOf("run"), recursive: true);
        return hashes;
    }
}
