using TorchSharp;
using Trainer.Core.Networks;
using Trainer.Core.Tests.Export;
using Trainer.Core.Weights;
using Xunit;
using static TorchSharp.torch;

namespace Trainer.Core.Tests.Networks;

public sealed class ImageNetInputTests
{
    private const double Tolerance = 1e-6; // of weights in float32

    [Fact]
    public void AdaptedNetworkSeesWhatTorchvisionsSaw()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var original = RandomGate.Network();
        using var adapted = RandomGate.Network();
        ImageNetInput.Adapt(adapted);
        var pixels = Pixels();

        var (expected, actual) = (FirstLayer(original, AsTorchvision(pixels)), FirstLayer(adapted, AsOurs(pixels)));

        var inside = (expected - actual)[.., .., 1.., 1..]; // with stride 2 and an even edge, the padding affects the left and the top
        Assert.InRange(inside.abs().max().item<double>(), 0, Tolerance);
        Assert.True(expected.std().item<double>() > 0.1);
    }

    /// <summary>
    /// Only the padding stands for another colour, which makes no difference if the picture has both colours at its border.
    /// </summary>
    [Fact]
    public void BorderIsPaddedWithMidGrey()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var original = RandomGate.Network();
        using var adapted = RandomGate.Network();
        ImageNetInput.Adapt(adapted);
        var pixels = Pixels();
        var framed = nn.functional.pad(pixels, [2, 2, 2, 2], value: 0.5);

        var actual = FirstLayer(adapted, AsOurs(pixels));
        var expected = FirstLayer(original, AsTorchvision(framed))[.., .., 1..^1, 1..^1];

        Assert.InRange((expected - actual).abs().max().item<double>(), 0, Tolerance);
    }

    [Fact]
    public void NothingElseIsChanged()
    {
        using var network = RandomGate.Network();
        var before = StateDict.Save(network);

        ImageNetInput.Adapt(network);

        var changed = before.Zip(StateDict.Save(network)).Where(pair => !pair.First.Data.Span.SequenceEqual(pair.Second.Data.Span))
            .Select(pair => pair.First.Name);
        Assert.Equal(["features.0.0.weight", "features.0.1.running_mean"], changed.Order(StringComparer.Ordinal));
    }

    /// <summary>Computed in float64, in which oneDNN isn't involved; in float32 it is wrong on some processors.</summary>
    private static Tensor FirstLayer(EmbeddingNetwork network, Tensor images)
    {
        network.to(ScalarType.Float64);
        return ((nn.Module<Tensor, Tensor>)network.Features.named_children().First().module).forward(images.to(ScalarType.Float64));
    }

    /// <summary>Two pictures, 0 to 1.</summary>
    private static Tensor Pixels() => (RandomGate.ImagesTensor(2) + 1) / 2;

    private static Tensor AsOurs(Tensor pixels) => (pixels * 2) - 1;

    /// <summary>torchvision.transforms.Normalize with ImageNet's numbers.</summary>
    private static Tensor AsTorchvision(Tensor pixels) =>
        (pixels - tensor(new[] { 0.485f, 0.456f, 0.406f }, [1, 3, 1, 1])) / tensor(new[] { 0.229f, 0.224f, 0.225f }, [1, 3, 1, 1]);
}
