using System.Diagnostics;
using System.Security.Cryptography;
using Trainer.Core.Weights;
using Xunit;

namespace Trainer.Core.Tests.Weights;

public sealed class PublicWeightsTests : IDisposable
{
    private static readonly byte[] Content = RandomNumbers(300_000);
    private static readonly string Sha256 = Convert.ToHexStringLower(SHA256.HashData(Content));
    private static readonly string Name = $"net-{Sha256[..8]}.pth";

    private readonly TemporaryFolder folder = new();

    private string Cache => Path.Combine(folder.Root, "not yet there", "weights");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void FetchesOnceAndAsksNobodyAfterwards()
    {
        using var server = new WeightServer(WeightServer.Whole(Content));

        var path = Weights(server.Folder).Fetch();
        var again = Weights(WeightServer.Nobody()).Fetch();

        Assert.Equal(Path.Combine(Cache, Name), path);
        Assert.Equal(path, again);
        Assert.Equal(Content, File.ReadAllBytes(path));
        Assert.Equal([new WeightServer.Request($"/models/{Name}", null)], server.Requests);
        Assert.Equal([path], Directory.GetFiles(Cache));
    }

    [Fact]
    public void BrokenDownloadIsTakenUpWhereItStopped()
    {
        using (var breaking =
            new WeightServer((stream, _) => WeightServer.Send(stream, "200 OK", Content.Length, Content.AsSpan(0, 150_000))))
        {
            Assert.Contains("the next run continues from there", Refused(Weights(breaking.Folder)).Message, StringComparison.Ordinal);
        }

        using var server = new WeightServer(WeightServer.Whole(Content));
        var path = Weights(server.Folder).Fetch();

        Assert.Equal(150_000, Assert.Single(server.Requests).From);
        Assert.Equal(Content, File.ReadAllBytes(path));
    }

    [Fact]
    public void ServerWithoutRangesSendsAllAgain()
    {
        WritePart(Content[..1000]);
        using var server = new WeightServer((stream, _) => WeightServer.Send(stream, "200 OK", Content.Length, Content));

        var path = Weights(server.Folder).Fetch();

        Assert.Equal(1000, Assert.Single(server.Requests).From);
        Assert.Equal(Content, File.ReadAllBytes(path));
    }

    [Fact]
    public void WholeFileThatWasNotRenamedIsTaken()
    {
        WritePart(Content); // stopped between the last byte and the renaming: the server answers 416
        using var server = new WeightServer(WeightServer.Whole(Content));

        var path = Weights(server.Folder).Fetch();

        Assert.Equal(Content.Length, Assert.Single(server.Requests).From);
        Assert.Equal(Content, File.ReadAllBytes(path));
    }

    [Fact]
    public void TooMuchThatArrivedIsThrownAwayAndFetchedAgain()
    {
        WritePart([.. Content, 1]);
        using var server = new WeightServer(WeightServer.Whole(Content));

        Assert.Contains("SHA-256", Refused(Weights(server.Folder)).Message, StringComparison.Ordinal);

        Assert.Equal(Content, File.ReadAllBytes(Weights(server.Folder).Fetch()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // such as the page of a hotel's wireless network, in the middle of a file
    public void WrongContentIsDeletedAndRefused(bool resumed)
    {
        if (resumed)
        {
            WritePart(Content[..1000]);
        }

        using var server = new WeightServer(WeightServer.Whole(RandomNumbers(200_000)));

        var error = Refused(Weights(server.Folder));

        Assert.Contains("SHA-256", error.Message, StringComparison.Ordinal);
        Assert.Contains("--weights", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Cache));
    }

    [Fact]
    public void DamagedFileIsFetchedAgain()
    {
        using var server = new WeightServer(WeightServer.Whole(Content));
        Directory.CreateDirectory(Cache);
        File.WriteAllBytes(Path.Combine(Cache, Name), Content[..^1]);

        Assert.Equal(Content, File.ReadAllBytes(Weights(server.Folder).Fetch()));
    }

    [Fact]
    public void LengthThatIsNotSaidIsNotNeeded()
    {
        using var server = new WeightServer((stream, _) => WeightServer.Send(stream, "200 OK", null, Content));
        var told = new List<(long, long)>();

        var path = Weights(server.Folder).Fetch((bytes, total) => told.Add((bytes, total)));

        Assert.Equal(Content, File.ReadAllBytes(path));
        Assert.Equal((Content.Length, 0), told[^1]);
    }

    [Fact]
    public void MissingFileIsSaid()
    {
        using var server = new WeightServer((stream, _) => WeightServer.Send(stream, "404 Not Found", 0, []));

        var error = Refused(Weights(server.Folder));

        Assert.Contains("404", error.Message, StringComparison.Ordinal);
        AssertNamesTheWaysOut(error, server.Folder);
    }

    [Fact]
    public void UnreachableServerIsSaid()
    {
        var nobody = WeightServer.Nobody();

        var error = Refused(Weights(nobody));

        AssertNamesTheWaysOut(error, nobody);
        Assert.DoesNotContain("What has arrived", error.Message, StringComparison.Ordinal); // nothing has
        Assert.Matches(@"\w\. Behind a proxy", error.Message);
    }

    [Fact]
    public void CacheThatCanNotBeMadeIsSaid()
    {
        folder.Write("not yet there"); // a file where the folder should be
        using var server = new WeightServer(WeightServer.Whole(Content));

        AssertNamesTheWaysOut(Refused(Weights(server.Folder)), server.Folder);
    }

    [Theory]
    [InlineData(-1)]      // not even a header
    [InlineData(100_000)] // in the middle of the file
    public void SilentServerIsGivenUp(int sent)
    {
        using var stalled = Stalled(sent);
        var clock = Stopwatch.StartNew();

        var error = Refused(Weights(stalled.Folder, TimeSpan.FromSeconds(0.3)));

        Assert.InRange(clock.Elapsed.TotalSeconds, 0.25, 10);
        Assert.Contains("It sent nothing for 0.3 seconds.", error.Message, StringComparison.Ordinal);
        Assert.Equal(Math.Max(sent, 0), new FileInfo(Path.Combine(Cache, Name + ".part")).Length);
    }

    /// <summary>The time limit is for silence, not for the whole file, so a slow connection gets all the time it needs.</summary>
    [Fact]
    public void SlowServerIsWaitedFor()
    {
        using var server = new WeightServer((stream, _) =>
        {
            WeightServer.Send(stream, "200 OK", Content.Length, []);
            foreach (var piece in Content.Chunk(50_000))
            {
                Thread.Sleep(200);
                stream.Write(piece);
            }
        });

        var path = Weights(server.Folder, TimeSpan.FromSeconds(1)).Fetch(); // 1.2 seconds of sleep

        Assert.Equal(Content, File.ReadAllBytes(path));
    }

    [Fact]
    public void ProgressRisesToTheWhole()
    {
        WritePart(Content[..1000]);
        using var server = new WeightServer(WeightServer.Whole(Content));
        var told = new List<(long Bytes, long Total)>();

        _ = Weights(server.Folder).Fetch((bytes, total) => told.Add((bytes, total)));

        Assert.Equal(told.Select(t => t.Bytes).Distinct().Order(), told.Select(t => t.Bytes));
        Assert.All(told, t => Assert.Equal(Content.Length, t.Total));
        Assert.True(told[0].Bytes > 1000);
        Assert.Equal(Content.Length, told[^1].Bytes);
    }

    [Fact]
    public void CancellingIsNoError()
    {
        using var stalled = Stalled(1000);
        using var cancel = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => Weights(stalled.Folder).Fetch((_, _) => cancel.Cancel(), cancel.Token));
    }

    [Theory]
    [InlineData("models")]
    [InlineData("models/")]
    public void EnvironmentNamesMirrorAndCache(string end)
    {
        using var server = new WeightServer(WeightServer.Whole(Content));
        using var mirror = new EnvironmentVariable(PublicWeights.MirrorVariable, new Uri(server.Folder, $"/{end}").ToString());
        using var cache = new EnvironmentVariable(PublicWeights.CacheVariable, folder.Root);

        var error = Refused(PublicWeights.Default());

        Assert.Contains("SHA-256", error.Message, StringComparison.Ordinal); // of torchvision's file
        Assert.Equal($"/models/{PublicWeights.MobileNetV2}", Assert.Single(server.Requests).Path);
        Assert.Equal(Path.Combine(folder.Root, "weights", PublicWeights.MobileNetV2), PublicWeights.Default().Path);
    }

    [Theory]
    [InlineData("mirror.example/models")]
    [InlineData("ftp://mirror.example/models")]
    public void MirrorThatIsNoAddressIsRefused(string value)
    {
        using var mirror = new EnvironmentVariable(PublicWeights.MirrorVariable, value);

        var error = Assert.Throws<TrainerException>(PublicWeights.Default);

        Assert.Contains($"{PublicWeights.MirrorVariable} is '{value}'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The eight digits in the name aren't enough, because they can be matched on purpose.</summary>
    [Fact]
    public void TheWholeDigestDecides()
    {
        var almost = Sha256[..^1] + (Sha256[^1] == '0' ? '1' : '0');
        using var server = new WeightServer(WeightServer.Whole(Content));

        Assert.Contains("SHA-256", Refused(new PublicWeights(Cache, server.Folder, Name, almost)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Cache));
        File.WriteAllBytes(Path.Combine(Cache, Name), Content); // as an older trainer would have kept it
        Assert.Contains("SHA-256", Refused(new PublicWeights(Cache, server.Folder, Name, almost)).Message, StringComparison.Ordinal);
        Assert.Equal(Content, File.ReadAllBytes(new PublicWeights(Cache, server.Folder, Name, Sha256).Fetch()));
    }

    [Fact]
    public void TorchvisionsDigestIsItsFiles()
    {
        using var file = File.OpenRead(SharedFiles.TorchvisionWeights());

        Assert.Equal(PublicWeights.MobileNetV2Sha256, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    private static byte[] RandomNumbers(int count) => Imaging.Drawn.Noise(count / 3, 1, seed: 9).Pixels;

    private static TrainerException Refused(PublicWeights weights) => Assert.Throws<TrainerException>(() => weights.Fetch());

    private static void AssertNamesTheWaysOut(TrainerException error, Uri source)
    {
        Assert.Contains(new Uri(source, Name).ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("--weights FILE", error.Message, StringComparison.Ordinal);
        Assert.Contains(PublicWeights.MirrorVariable, error.Message, StringComparison.Ordinal);
    }

    /// <summary>A server that falls silent after a number of bytes; at once for −1.</summary>
    private static WeightServer Stalled(int sent)
    {
        WeightServer? server = null;
        server = new WeightServer((stream, _) =>
        {
            if (sent >= 0)
            {
                WeightServer.Send(stream, "200 OK", Content.Length, Content.AsSpan(0, sent));
            }

            server?.Stall();
        });
        return server;
    }

    private PublicWeights Weights(Uri source, TimeSpan? patience = null) => new(Cache, source, Name, Sha256, patience);

    private void WritePart(byte[] content)
    {
        Directory.CreateDirectory(Cache);
        File.WriteAllBytes(Path.Combine(Cache, Name + ".part"), content);
    }
}
