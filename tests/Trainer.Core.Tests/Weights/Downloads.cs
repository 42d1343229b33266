using System.Security.Cryptography;
using Trainer.Core.Weights;
using Xunit;

namespace Trainer.Core.Tests.Weights;

/// <summary>A file of random bytes for servers to send, and an empty cache for them.</summary>
public abstract class Downloads : IDisposable
{
    protected static readonly byte[] Content = RandomNumbers(300_000);
    protected static readonly string Sha256 = Convert.ToHexStringLower(SHA256.HashData(Content));
    protected static readonly string Name = $"net-{Sha256[..8]}.pth";

    internal TemporaryFolder Folder { get; } = new();

    protected string Cache => Path.Combine(Folder.Root, "not yet there", "weights");

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static byte[] RandomNumbers(int count) => Imaging.Drawn.Noise(count / 3, 1, seed: 9).Pixels;

    protected static TrainerException Refused(PublicWeights weights) => Assert.Throws<TrainerException>(() => weights.Fetch());

    protected PublicWeights Weights(Uri source, TimeSpan? patience = null) => new(Cache, source, Name, Sha256, patience);

    protected static void AssertNamesTheWaysOut(TrainerException error, Uri source)
    {
        Assert.Contains(new Uri(source, Name).ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("--weights FILE", error.Message, StringComparison.Ordinal);
        Assert.Contains(PublicWeights.MirrorVariable, error.Message, StringComparison.Ordinal);
    }
}
