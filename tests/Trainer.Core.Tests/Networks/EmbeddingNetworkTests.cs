using Trainer.Core.Networks;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Safetensors;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Networks;

public sealed class EmbeddingNetworkTests
{
    private const double OutputTolerance = 5e-5;
    private const double FeaturesTolerance = 5e-4;
    private const double StridesTolerance = 1e-4;

    public static TheoryData<FeatureKind, string, int> Kinds => new()
    {
        { FeatureKind.Pooled, "state_dict.txt", 2_879_744 }, // the article's
        { FeatureKind.Depths, "state_dict-depths.txt", 2_778_880 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void StateDictIsTheGoldenOne(FeatureKind kind, string golden, int parameters)
    {
        using var network = new EmbeddingNetwork(kind);

        var lines = network.state_dict().Select(pair =>
            $"{pair.Key} {(pair.Value.dtype == ScalarType.Int64 ? "int64" : "float32")} [{string.Join(", ", pair.Value.shape)}]");

        Assert.Equal(File.ReadAllLines(GoldenFiles.PathOf(golden)).Order(), lines.Order());
        Assert.Equal(parameters, network.parameters().Sum(parameter => parameter.numel()));
    }

    /// <summary>An optimizer's saved state depends on the order of the parameters.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void ParametersComeInTheGoldenOrder(FeatureKind kind, string golden, int parameters)
    {
        using var network = new EmbeddingNetwork(kind);

        var names = network.named_parameters().Select(named => named.name).ToArray();

        Assert.Equal(File.ReadLines(GoldenFiles.PathOf(golden)).Select(line => line.Split(' ')[0]).Where(names.Contains), names);
        Assert.Equal(parameters, network.named_parameters().Sum(named => named.parameter.numel()));
    }

    /// <summary>Files of the whole network fill a network of several depths. Unused tensors aren't reported.</summary>
    [Fact]
    public void WeightsOfTheWholeNetworkFillSeveralDepths()
    {
        using var whole = new EmbeddingNetwork();
        using var network = new EmbeddingNetwork(FeatureKind.Depths);
        var file = new WeightFile(
            "torchvision.pth", StateDict.Save(whole).Where(tensor => !tensor.Name.StartsWith("fc.", StringComparison.Ordinal)));

        var report = StateDict.Load(network, file);

        Assert.Equal(["fc.weight", "fc.bias"], report.NotInFile);
        Assert.Empty(report.NotUsed);
        Assert.Equal(FirstWeights(whole), FirstWeights(network));
    }

    [Fact]
    public void OutputIsTheReferences()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var network = GoldenNetwork();
        var golden = SafetensorsFile.Read(SharedFiles.Golden("mobilenet_io.safetensors"));

        var embeddings = network.forward(GoldenInput(golden));

        AssertClose(golden.Tensor("output"), embeddings, OutputTolerance);
        AssertClose(golden.Tensor("output_f64"), embeddings, OutputTolerance);
    }

    [Fact]
    public void FeaturesAreTheReferences()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var network = GoldenNetwork();
        var golden = SafetensorsFile.Read(SharedFiles.Golden("mobilenet_io.safetensors"));

        var features = network.Features.forward(GoldenInput(golden)[..1]);

        AssertClose(golden.Tensor("features"), features, FeaturesTolerance);
    }

    [Fact]
    public void StridesDoNotMatter()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var network = GoldenNetwork();
        var plain = GoldenInput(SafetensorsFile.Read(SharedFiles.Golden("mobilenet_io.safetensors")));
        var channelsLast = plain.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

        var (embeddings, others) = (network.forward(plain), network.forward(channelsLast));

        Assert.Equal([3 * 128 * 128, 1, 128 * 3, 3], channelsLast.stride());
        AssertClose(embeddings, others, StridesTolerance);
    }

    [Fact]
    public void PicturesOfABatchDoNotMixInEvaluation()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var network = new EmbeddingNetwork();
        network.eval();
        var images = rand(3, 3, 128, 128);

        var together = network.forward(images);

        AssertClose(together[1..2], network.forward(images[1..2]), StridesTolerance);
    }

    [Fact]
    public void GradientReachesEveryParameter()
    {
        using var scope = NewDisposeScope();
        _ = manual_seed(1);
        using var network = new EmbeddingNetwork();
        network.train();

        network.forward(rand(4, 3, 128, 128)).square().sum().backward();

        Assert.All(network.named_parameters(), named =>
        {
            Assert.NotNull(named.parameter.grad);
            Assert.True(named.parameter.grad.isfinite().all().item<bool>(), named.name);
            Assert.True(named.parameter.grad.abs().sum().item<float>() > 0, named.name);
        });
    }

    [Fact]
    public void SameSeedGivesTheSameWeights()
    {
        _ = manual_seed(3);
        using var network = new EmbeddingNetwork();
        _ = manual_seed(3);
        using var other = new EmbeddingNetwork();
        _ = manual_seed(4);
        using var different = new EmbeddingNetwork();

        Assert.Equal(FirstWeights(network), FirstWeights(other));
        Assert.NotEqual(FirstWeights(network), FirstWeights(different));
    }

    /// <summary>He's variance for a convolution by its outputs: 2 / (output channels · kernel area).</summary>
    [Fact]
    public void ConvolutionsStartWithHesVariance()
    {
        using var scope = NewDisposeScope();
        _ = manual_seed(5);
        using var network = new EmbeddingNetwork();

        var last = network.get_parameter("features.18.0.weight"); // [1280, 320, 1, 1]

        Assert.NotNull(last);
        Assert.Equal(Math.Sqrt(2 / 1280.0), last.std().item<float>(), tolerance: 1e-4);
        Assert.Equal(0, last.mean().item<float>(), tolerance: 1e-3);
    }

    private static float[] FirstWeights(EmbeddingNetwork network)
    {
        using var scope = NewDisposeScope();
        return network.state_dict()["features.0.0.weight"].data<float>().ToArray();
    }

    private static EmbeddingNetwork GoldenNetwork()
    {
        var network = new EmbeddingNetwork();
        _ = StateDict.Load(network, SafetensorsFile.Read(SharedFiles.Golden("mobilenet.safetensors")));
        network.eval();
        return network;
    }

    private static Tensor GoldenInput(WeightFile golden) => (golden.Tensor("input_u8").to(ScalarType.Float32) / 127.5) - 1;

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(0, (expected.to(ScalarType.Float64) - actual.to(ScalarType.Float64)).abs().max().item<double>(), tolerance);
    }
}
