using TorchSharp;
using Trainer.Core.Networks;
using Trainer.Core.Tests.Export;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Networks;

public sealed class DescriptorTests
{
    private const double Tolerance = 1e-9; // float64

    /// <summary>In float64 by libtorch: its layers compute the maps, and everything computed from the maps is recomputed here.</summary>
    [Fact]
    public void DescriptorIsThatOfPlainLoops()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var network = RandomGate.Network(FeatureKind.Depths);
        network.to(ScalarType.Float64);
        var images = RandomGate.ImagesTensor(2).to(ScalarType.Float64);

        var actual = network.Describe(images);

        Assert.Equal([2, 1888], actual.shape);
        for (var picture = 0; picture < 2; picture++)
        {
            var expected = SlowDescriptor.Of(SlowDescriptor.Statistics(Maps(network, images[picture..(picture + 1)])));
            Assert.Equal(expected, actual[picture].data<double>().ToArray(), (a, b) => Math.Abs(a - b) < Tolerance);
        }
    }

    [Fact]
    public void ForwardIsTheHeadOnDescriptors()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var network = RandomGate.Network(FeatureKind.Depths);
        var images = RandomGate.ImagesTensor(2);

        Assert.True(network.forward(images).allclose(network.Head.forward(network.Describe(images))));
    }

    [Fact]
    public void DefinitionTellsWhereEachStatisticStands()
    {
        Assert.Equal([0, 48, 112, 240, 432, 752], Descriptor.Depths.Select(Descriptor.FirstMean));
        Assert.Equal(1392, Descriptor.FirstCovariance(Descriptor.Depths[1]));
        Assert.Equal([48, 64, 128, 192, 320, 640, 496], Descriptor.Groups);
        Assert.Equal(1888, Descriptor.Size);
    }

    /// <summary>A picture of one colour has no deviations, so roots and lengths, and their gradients, must not divide by 0.</summary>
    [Fact]
    public void StatisticsOfZeroGiveFiniteDescriptorsAndGradients()
    {
        using var scope = NewDisposeScope();
        var statistics = zeros(1, Descriptor.Size, requires_grad: true);

        var descriptor = Descriptor.Of(statistics);
        descriptor.sum().backward();

        Assert.Equal(0, descriptor.abs().max().item<float>());
        Assert.True(statistics.grad!.isfinite().all().item<bool>());
    }

    /// <summary>The maps of one picture, channel by channel.</summary>
    private static Dictionary<int, double[][]> Maps(EmbeddingNetwork network, Tensor picture)
    {
        var maps = new Dictionary<int, double[][]>();
        foreach (var (name, module) in network.Features.named_children())
        {
            picture = ((nn.Module<Tensor, Tensor>)module).forward(picture);
            maps.Add(int.Parse(name, System.Globalization.CultureInfo.InvariantCulture),
                [.. picture[0].flatten(1).contiguous().data<double>().Chunk((int)(picture.shape[2] * picture.shape[3]))]);
        }

        return maps;
    }
}
