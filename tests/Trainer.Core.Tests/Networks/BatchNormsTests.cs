using TorchSharp;
using TorchSharp.Modules;
using Trainer.Core.Networks;
using Trainer.Core.Tests.Export;
using Trainer.Core.Weights;
using Trainer.Core.Weights.Safetensors;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Networks;

public sealed class BatchNormsTests
{
    private const double Tolerance = 1e-5;

    [Fact]
    public void FoldedFileIsRecognised()
    {
        var folder = Path.Combine(SharedFiles.Data ?? "", "weights");
        var file = SharedFiles.Data is not null && Directory.Exists(folder) ? Directory.GetFiles(folder, "*.safetensors").FirstOrDefault()
            : null;
        Assert.SkipWhen(file is null, "shared/data/weights holds no .safetensors beside the repository.");
        using var network = new EmbeddingNetwork();

        _ = StateDict.Load(network, SafetensorsFile.Read(file!)); // not null, because the line above skips nulls

        Assert.True(BatchNorms.AreFolded(network));
    }

    [Fact]
    public void NormsThatDoNothingButAddAreFolded()
    {
        using var network = Folded();

        Assert.True(BatchNorms.AreFolded(network));
    }

    [Fact]
    public void WorkingNormsAreNotFolded()
    {
        using var network = RandomGate.Network();

        Assert.False(BatchNorms.AreFolded(network));
    }

    [Theory]
    [InlineData("weight", 1.5)]
    [InlineData("weight", 0.5)]
    [InlineData("running_mean", 0.1)]
    [InlineData("running_mean", -0.1)]
    [InlineData("running_mean", double.NaN)]
    public void OneNormThatWorksIsEnough(string name, double value)
    {
        using var network = Folded();
        using (no_grad())
        {
            using var scope = NewDisposeScope();
            network.state_dict()[$"features.18.1.{name}"][7] = value;
        }

        Assert.False(BatchNorms.AreFolded(network));
    }

    [Fact]
    public void TrainingMovesTheStatisticsAndFreezingKeepsThem()
    {
        using var network = RandomGate.Network();
        var before = Statistics(network);

        network.train();
        BatchNorms.Freeze(network);
        Forward(network);
        var frozen = Statistics(network);
        network.train();
        Forward(network);
        var moved = Statistics(network);

        Assert.Equal(before, frozen);
        Assert.All(before.Zip(moved), pair => Assert.NotEqual(pair.First, pair.Second)); // train() undoes it in every norm
    }

    [Fact]
    public void FrozenNormsStillLearn()
    {
        using var scope = NewDisposeScope();
        using var network = RandomGate.Network();
        network.train();
        BatchNorms.Freeze(network);

        network.forward(Images()).square().sum().backward();

        Assert.All(Norms(network), norm => Assert.True(norm.Weight?.grad?.abs().sum().item<float>() > 0));
    }

    [Fact]
    public void FrozenNetworkGivesWhatEvaluationGives()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var network = RandomGate.Network();
        var expected = network.forward(Images());

        network.train();
        BatchNorms.Freeze(network);

        Assert.Equal(0, (network.forward(Images()) - expected).abs().max().item<float>(), tolerance: 1e-5);
    }

    /// <summary>Checks that each norm has the mean and the unbiased variance of its input, from the first layer to the last.</summary>
    [Fact]
    public void ForgettingTheStartLeavesTheFirstBatchsOwnStatistics()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _ = manual_seed(2);
        using var network = new EmbeddingNetwork();
        network.train();
        _ = network.forward(Images());

        BatchNorms.ResetRunningStatistics(network);

        var layers = network.Features.named_children().Select(child => child.module).Cast<nn.Module<Tensor, Tensor>>().ToArray();
        var kept = new[] { layers[0], layers[^1] }.Select(layer => Norm(layer))
            .Select(norm => (Numbers(norm.RunningMean), Numbers(norm.RunningVariance))).ToArray();
        network.to(ScalarType.Float64); // oneDNN isn't involved in float64; in float32 it is wrong on some processors
        var maps = Images().to(ScalarType.Float64);
        AssertStatistics(First(layers[0], maps), kept[0], Tolerance);
        foreach (var layer in layers[..^1])
        {
            maps = layer.forward(maps);
        }

        AssertStatistics(First(layers[^1], maps), kept[1], 100 * Tolerance); // 52 layers of rounding
    }

    [Fact]
    public void ForgettingTheStartLeavesNoNegativeVariance()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _ = manual_seed(3);
        using var network = new EmbeddingNetwork();
        network.train();
        _ = network.forward(zeros(2, 3, 64, 64)); // nothing varies, and 0.9 − 0.9 may come out below zero

        BatchNorms.ResetRunningStatistics(network);

        Assert.All(Norms(network), norm => Assert.True(norm.RunningVariance?.min().item<float>() >= 0));
    }

    private static EmbeddingNetwork Folded()
    {
        var network = RandomGate.Network();
        using var noGradient = no_grad();
        foreach (var norm in Norms(network))
        {
            norm.Weight.fill_(1.0); // made with weights and statistics, torch's default
            norm.RunningMean.fill_(0.0);
            norm.RunningVariance.fill_(1 - 1e-5);
        }

        return network;
    }

    private static void AssertStatistics(Tensor maps, (double[] Mean, double[] Variance) kept, double tolerance)
    {
        var columns = maps.permute(1, 0, 2, 3).flatten(1); // [C, N · H · W]
        var values = columns.data<double>().ToArray();
        var count = (int)columns.shape[1];
        for (var c = 0; c < columns.shape[0]; c++)
        {
            var channel = values.AsSpan(c * count, count).ToArray();
            var mean = channel.Average();
            Assert.Equal(mean, kept.Mean[c], tolerance);
            Assert.Equal(channel.Sum(v => (v - mean) * (v - mean)) / (count - 1), kept.Variance[c], tolerance);
        }
    }

    private static Tensor Images() => RandomGate.ImagesTensor(2)[.., .., ..64, ..64];

    private static void Forward(EmbeddingNetwork network)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _ = network.forward(Images());
    }

    private static Tensor First(nn.Module layer, Tensor maps) => layer.modules().OfType<Conv2d>().First().forward(maps);

    private static BatchNormLayer Norm(nn.Module layer) => layer.modules().OfType<BatchNormLayer>().First();

    private static BatchNormLayer[] Norms(EmbeddingNetwork network) => [.. network.modules().OfType<BatchNormLayer>()];

    private static double[][] Statistics(EmbeddingNetwork network)
    {
        using var scope = NewDisposeScope();
        return [.. Norms(network).Select(norm => Numbers(norm.RunningMean)),
            .. Norms(network).Select(norm => Numbers(norm.RunningVariance))];
    }

    private static double[] Numbers(Tensor? values) => [.. values!.data<float>().Select(v => (double)v)]; // tracking is torch's default
}
