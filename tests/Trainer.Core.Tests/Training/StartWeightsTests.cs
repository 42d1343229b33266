using Trainer.Core.Networks;
using Trainer.Core.Tests.Export;
using Trainer.Core.Tests.Weights;
using Trainer.Core.Training;
using Trainer.Core.Weights;
using Xunit;

namespace Trainer.Core.Tests.Training;

/// <summary>None of these reaches the network: the mirror is this machine, the cache a temporary folder.</summary>
public sealed class StartWeightsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<TrainingEvent> told = [];
    private readonly EnvironmentVariable cache;
    private readonly EnvironmentVariable mirror;

    public StartWeightsTests()
    {
        cache = new EnvironmentVariable(PublicWeights.CacheVariable, folder.Root);
        mirror = new EnvironmentVariable(PublicWeights.MirrorVariable, WeightServer.Nobody().ToString());
    }

    public void Dispose()
    {
        mirror.Dispose();
        cache.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void NoneIsRandomWithoutAWord()
    {
        var start = StartWeights.Find("none", told.Add);

        Assert.Equal(new StartWeights("none", null, IsTorchvision: false), start);
        Assert.Empty(told);
    }

    [Fact]
    public void AutoWithoutANetworkSaysSoAndStartsFromRandomWeights()
    {
        var start = StartWeights.Find("auto", told.Add);

        Assert.Equal(new StartWeights("none", null, IsTorchvision: false), start);
        var notice = Assert.IsType<Notice>(Assert.Single(told));
        Assert.Contains("Can't fetch http://127.0.0.1", notice.Text, StringComparison.Ordinal);
        Assert.Contains("Training starts from random weights.", notice.Text, StringComparison.Ordinal);
        Assert.Contains("--weights FILE", notice.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void AutoTakesNoMirrorThatIsNoAddress()
    {
        using var wrong = new EnvironmentVariable(PublicWeights.MirrorVariable, "mirror");

        Assert.Null(StartWeights.Find("auto", told.Add).File);

        Assert.Contains(PublicWeights.MirrorVariable, Assert.IsType<Notice>(Assert.Single(told)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void AskedForImageNetIsAnErrorWithoutANetwork()
    {
        var error = Assert.Throws<TrainerException>(() => StartWeights.Find("imagenet", told.Add));

        Assert.Contains("--weights FILE", error.Message, StringComparison.Ordinal);
        Assert.Empty(told);
    }

    [Fact]
    public void DownloadsAreTold()
    {
        using var server = new WeightServer(WeightServer.Whole(new byte[200_000]));
        using var here = new EnvironmentVariable(PublicWeights.MirrorVariable, server.Folder.ToString());

        _ = StartWeights.Find("auto", told.Add);

        Assert.Equal(new Downloading(PublicWeights.MobileNetV2, 200_000, 200_000), told.OfType<Downloading>().Last());
        Assert.IsType<Notice>(told[^1]); // zeros aren't torchvision's file
    }

    [Fact]
    public void CancellingAutoIsNoFallback()
    {
        using var server = new WeightServer(WeightServer.Whole(new byte[200_000]));
        using var here = new EnvironmentVariable(PublicWeights.MirrorVariable, server.Folder.ToString());
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => StartWeights.Find("auto", told.Add, cancel.Token));
        Assert.Empty(told);
    }

    [Fact]
    public void FileIsReadAndFillsTheNetwork()
    {
        using var network = RandomGate.Network();
        var path = folder.PathOf("start.safetensors");
        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, StateDict.Save(network)));
        using var other = new EmbeddingNetwork();

        var start = StartWeights.Find(path, told.Add);
        start.Load(other, told.Add);

        Assert.Equal((path, false), (start.Source, start.IsTorchvision));
        var loaded = Assert.IsType<WeightsLoaded>(Assert.Single(told));
        Assert.Equal((path, false), (loaded.File, loaded.FoldedBatchNorms));
        Assert.Equal(network.state_dict().Count, loaded.Loaded);
        Assert.Empty(loaded.NotInFile);
        Assert.All(StateDict.Save(network).Zip(StateDict.Save(other)), pair => SafetensorsFileTests.AssertSame(pair.First, pair.Second));
    }

    /// <summary>The same file means another input when it is torchvision's.</summary>
    [Fact]
    public void TorchvisionsFileIsFittedToOurInput()
    {
        using var network = RandomGate.Network();
        var file = new WeightFile("torchvision.pth", StateDict.Save(network));
        using var filled = new EmbeddingNetwork();

        new StartWeights("torchvision.pth", file, IsTorchvision: true).Load(filled, told.Add);

        ImageNetInput.Adapt(network);
        Assert.All(StateDict.Save(network).Zip(StateDict.Save(filled)), pair => SafetensorsFileTests.AssertSame(pair.First, pair.Second));
    }

    [Fact]
    public void RandomWeightsAreLeftAlone()
    {
        using var network = RandomGate.Network();
        var before = StateDict.Save(network);

        StartWeights.Find("none", told.Add).Load(network, told.Add);

        Assert.All(before.Zip(StateDict.Save(network)), pair => SafetensorsFileTests.AssertSame(pair.First, pair.Second));
        Assert.Empty(told);
    }

    [Fact]
    public void MissingFileIsRefused() =>
        Assert.Throws<TrainerException>(() => StartWeights.Find(Path.Combine(folder.Root, "nothing.pth"), told.Add));
}
