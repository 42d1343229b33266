using Trainer.Core.Networks;
using Trainer.Core.Platform;
using Trainer.Core.Runs.Options;
using Trainer.Core.Tests.Export;
using Trainer.Core.Tests.Weights;
using Trainer.Core.Tests.Weights.Safetensors;
using Trainer.Core.Training;
using Trainer.Core.Training.Planning;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Safetensors;
using Xunit;

namespace Trainer.Core.Tests.Training.Planning;

/// <summary>These tests use no network: the mirror is this machine, and the cache is a temporary folder.</summary>
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
        var start = StartWeights.Find("none", WeightsInput.Auto, told.Add);

        Assert.Equal(new StartWeights("none", null, IsTorchvision: false), start);
        Assert.Empty(told);
    }

    [Fact]
    public void AutoWithoutANetworkSaysSoAndStartsFromTheBuiltInOnes()
    {
        var start = StartWeights.Find("auto", WeightsInput.Auto, told.Add);

        Assert.Equal(("builtin", false, WeightsInput.Unit), (start.Source, start.IsTorchvision, start.Input));
        var notice = Assert.IsType<Notice>(Assert.Single(told));
        Assert.Contains("Can't fetch http://127.0.0.1", notice.Text, StringComparison.Ordinal);
        Assert.Contains("The gate starts from the weights built into trainer.", notice.Text, StringComparison.Ordinal);
        Assert.Contains("--weights FILE", notice.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FeatureKind.Depths)]
    [InlineData(FeatureKind.Pooled)]
    public void BuiltInOnesFillTheFeatures(FeatureKind kind)
    {
        using var network = new EmbeddingNetwork(kind);

        StartWeights.Find("builtin", WeightsInput.Auto, told.Add).Load(network, told.Add);

        var loaded = Assert.IsType<WeightsLoaded>(Assert.Single(told));
        Assert.False(loaded.FoldedBatchNorms);
        Assert.DoesNotContain(
            loaded.NotInFile, name =>
            name.StartsWith("features.", StringComparison.Ordinal) && !name.EndsWith("num_batches_tracked", StringComparison.Ordinal));
        Assert.All(network.Features.state_dict().Values, values => Assert.True(values.isfinite().all().item<bool>()));
    }

    [Fact]
    public void AutoTakesNoMirrorThatIsNoAddress()
    {
        using var wrong = new EnvironmentVariable(PublicWeights.MirrorVariable, "mirror");

        Assert.Equal("builtin", StartWeights.Find("auto", WeightsInput.Auto, told.Add).Source);

        Assert.Contains(PublicWeights.MirrorVariable, Assert.IsType<Notice>(Assert.Single(told)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void AskedForImageNetIsAnErrorWithoutANetwork()
    {
        var error = Assert.Throws<TrainerException>(() => StartWeights.Find("imagenet", WeightsInput.Auto, told.Add));

        Assert.Contains("--weights FILE", error.Message, StringComparison.Ordinal);
        Assert.Empty(told);
    }

    [Fact]
    public void DownloadsAreTold()
    {
        using var server = new WeightServer(WeightServer.Whole(new byte[200_000]));
        using var here = new EnvironmentVariable(PublicWeights.MirrorVariable, server.Folder.ToString());

        _ = StartWeights.Find("auto", WeightsInput.Auto, told.Add);

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

        Assert.ThrowsAny<OperationCanceledException>(() => StartWeights.Find("auto", WeightsInput.Auto, told.Add, cancel.Token));
        Assert.Empty(told);
    }

    [Fact]
    public void FileIsReadAndFillsTheNetwork()
    {
        using var network = RandomGate.Network();
        var path = folder.PathOf("start.safetensors");
        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, StateDict.Save(network)));
        using var other = new EmbeddingNetwork();

        var start = StartWeights.Find(path, WeightsInput.Unit, told.Add);
        start.Load(other, told.Add);

        Assert.Equal((path, false), (start.Source, start.IsTorchvision));
        var loaded = Assert.IsType<WeightsLoaded>(Assert.Single(told));
        Assert.Equal((path, false), (loaded.File, loaded.FoldedBatchNorms));
        Assert.Equal(network.state_dict().Count, loaded.Loaded);
        Assert.Empty(loaded.NotInFile);
        Assert.All(StateDict.Save(network).Zip(StateDict.Save(other)), pair => SafetensorsFileTests.AssertSame(pair.First, pair.Second));
    }

    /// <summary>The same file expects another input if it is torchvision's.</summary>
    [Fact]
    public void ImageNetsInputIsFittedToOurs()
    {
        using var network = RandomGate.Network();
        var file = new WeightFile("torchvision.pth", StateDict.Save(network));
        using var filled = new EmbeddingNetwork();

        new StartWeights("torchvision.pth", file, IsTorchvision: true, WeightsInput.Imagenet).Load(filled, told.Add);

        ImageNetInput.Adapt(network);
        Assert.All(StateDict.Save(network).Zip(StateDict.Save(filled)), pair => SafetensorsFileTests.AssertSame(pair.First, pair.Second));
    }

    [Theory]
    [InlineData(WeightsInput.Auto, WeightsInput.Unit, "a range of -1 to 1 is assumed")]
    [InlineData(WeightsInput.Unit, WeightsInput.Unit, null)]
    [InlineData(WeightsInput.Imagenet, WeightsInput.Imagenet, null)]
    public void InputOfUnknownWeightsIsAskedForOrDoubted(WeightsInput asked, WeightsInput expected, string? doubt)
    {
        using var network = RandomGate.Network();

        AssertInput(folder.Write("unknown.pth", OldPth.Of([.. StateDict.Save(network)])), asked, expected, isTorchvision: false, doubt);
    }

    [Theory]
    [InlineData(WeightsInput.Auto, WeightsInput.Unit, null)]
    [InlineData(WeightsInput.Unit, WeightsInput.Unit, null)]
    [InlineData(WeightsInput.Imagenet, WeightsInput.Imagenet, "is a checkpoint of trainer")]
    public void InputOfACheckpointIsKnown(WeightsInput asked, WeightsInput expected, string? doubt) =>
        AssertInput(RandomGate.Save(folder.PathOf("best.ckpt"), RandomGate.Centroid(), 0.5f), asked, expected, isTorchvision: false, doubt);

    [Theory]
    [InlineData(WeightsInput.Auto, WeightsInput.Imagenet, null)]
    [InlineData(WeightsInput.Imagenet, WeightsInput.Imagenet, null)]
    [InlineData(WeightsInput.Unit, WeightsInput.Unit, "holds torchvision's weights")]
    public void InputOfTorchvisionsWeightsIsKnown(WeightsInput asked, WeightsInput expected, string? doubt)
    {
        var file = WeightFile.Open(SharedFiles.TorchvisionWeights());
        var saved = folder.PathOf("saved again.safetensors");
        AtomicFile.Write(saved, stream => SafetensorsFile.Write(stream, file.Tensors.Values));

        AssertInput(file.FileName, asked, expected, isTorchvision: true, doubt);
        AssertInput(saved, asked, expected, isTorchvision: true, doubt);
    }

    /// <summary>The default for users who are online.</summary>
    [Fact]
    public void AutoFetchesTorchvisionsWeightsAndStartsFromThem()
    {
        var content = File.ReadAllBytes(SharedFiles.TorchvisionWeights());
        using var server = new WeightServer(WeightServer.Whole(content));
        using var here = new EnvironmentVariable(PublicWeights.MirrorVariable, server.Folder.ToString());
        using var network = new EmbeddingNetwork();

        StartWeights.Find("auto", WeightsInput.Auto, told.Add).Load(network, told.Add);

        Assert.All(told[..^1], happened => Assert.IsType<Downloading>(happened));
        var loaded = Assert.IsType<WeightsLoaded>(told[^1]);
        Assert.Equal((312, false, true, WeightsInput.Imagenet),
            (loaded.Loaded, loaded.FoldedBatchNorms, loaded.IsTorchvision, loaded.Input));
        Assert.Equal(["fc.weight", "fc.bias"], loaded.NotInFile);
        Assert.Empty(loaded.NotUsed); // a gate doesn't need the classifier, so it isn't reported
    }

    [Fact]
    public void RandomWeightsAreLeftAlone()
    {
        using var network = RandomGate.Network();
        var before = StateDict.Save(network);

        StartWeights.Find("none", WeightsInput.Auto, told.Add).Load(network, told.Add);

        Assert.All(before.Zip(StateDict.Save(network)), pair => SafetensorsFileTests.AssertSame(pair.First, pair.Second));
        Assert.Empty(told);
    }

    [Fact]
    public void MissingFileIsRefused() =>
        Assert.Throws<TrainerException>(() => StartWeights.Find(Path.Combine(folder.Root, "nothing.pth"), WeightsInput.Auto, told.Add));

    private void AssertInput(string path, WeightsInput asked, WeightsInput expected, bool isTorchvision, string? doubt)
    {
        told.Clear();
        using var network = new EmbeddingNetwork();

        var start = StartWeights.Find(path, asked, told.Add);
        start.Load(network, told.Add);

        var loaded = Assert.IsType<WeightsLoaded>(told[^1]);
        Assert.Equal((isTorchvision, expected), (start.IsTorchvision, start.Input));
        Assert.Equal((isTorchvision, expected), (loaded.IsTorchvision, loaded.Input));
        var notices = told.OfType<Notice>().Select(notice => notice.Text).ToArray();
        Assert.Equal(doubt is null ? 0 : 1, notices.Length);
        // There is a notice only where a doubt is expected.
        Assert.All(notices, text => Assert.Contains(doubt!, text, StringComparison.Ordinal));
        Assert.All(notices, text => Assert.DoesNotContain('\n', text));
    }
}
