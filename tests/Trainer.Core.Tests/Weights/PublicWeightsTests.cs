using System.Security.Cryptography;
using Trainer.Core.Weights;
using Xunit;

namespace Trainer.Core.Tests.Weights;

public sealed class PublicWeightsTests : Downloads
{
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

    [Theory]
    [InlineData("models")]
    [InlineData("models/")]
    public void EnvironmentNamesMirrorAndCache(string end)
    {
        using var server = new WeightServer(WeightServer.Whole(Content));
        using var mirror = new EnvironmentVariable(PublicWeights.MirrorVariable, new Uri(server.Folder, $"/{end}").ToString());
        using var cache = new EnvironmentVariable(PublicWeights.CacheVariable, Folder.Root);

        var error = Refused(PublicWeights.Default());

        Assert.Contains("SHA-256", error.Message, StringComparison.Ordinal); // of torchvision's file
        Assert.Equal($"/models/{PublicWeights.MobileNetV2}", Assert.Single(server.Requests).Path);
        Assert.Equal(Path.Combine(Folder.Root, "weights", PublicWeights.MobileNetV2), PublicWeights.Default().Path);
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

    private void WritePart(byte[] content)
    {
        Directory.CreateDirectory(Cache);
        File.WriteAllBytes(Path.Combine(Cache, Name + ".part"), content);
    }
}
