using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>Adapts torchvision's weights to this network's input range.</summary>
/// <remarks>
/// They were trained on (p − μ) / σ with ImageNet's means and standard deviations and p in 0..1, but this network's input is x = 2p − 1.
/// Since (p − μ) / σ = x / 2σ + (0.5 − μ) / σ, the factor goes into the first convolution and the constant into the mean of its batch norm.
/// This is exact inside the picture; at its border, the padding's zeros mean mid-grey instead of ImageNet's mean colour.
/// </remarks>
internal static class ImageNetInput
{
    private static readonly double[] Means = [0.485, 0.456, 0.406];
    private static readonly double[] Deviations = [0.229, 0.224, 0.225];

    /// <summary>Changes the first convolution and its batch norm in place.</summary>
    public static void Adapt(EmbeddingNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var weight = network.get_parameter("features.0.0.weight")!;    // [32, 3, 3, 3]; the first layer always has both
        var mean = network.get_buffer("features.0.1.running_mean")!;   // [32]
        var factor = PerChannel(Deviations.Select(d => 1 / (2 * d)));
        var constant = PerChannel(Means.Zip(Deviations, (m, d) => (0.5 - m) / d));
        mean.sub_((weight * constant).sum([1, 2, 3]));
        weight.mul_(factor);

        Tensor PerChannel(IEnumerable<double> values) => tensor(values.ToArray(), [1, 3, 1, 1]).to(weight.dtype).to(weight.device);
    }
}
