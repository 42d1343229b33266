using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>The convolutions of MobileNetV2 at width 1.0, with torchvision's names.</summary>
/// <remarks>Sandler et al. 2018, table 2, <see href="https://arxiv.org/abs/1801.04381"/>.</remarks>
internal static class MobileNetV2
{
    /// <summary>Channels of the last layer, which <see cref="FeatureKind.Depths"/> doesn't have.</summary>
    public const int Channels = 1280;

    /// <summary>Table 2: expansion factor, channels, number of blocks, and stride of the first block.</summary>
    private static readonly (int Expansion, int Channels, int Repeats, int Stride)[] Stages =
    [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ];

    /// <summary>The layers from images [N, 3, H, W] to feature maps [N, 1280, H/32, W/32], initialised as in torchvision.</summary>
    /// <param name="kind">
    /// With <see cref="FeatureKind.Depths"/> the last layer is left out, and the feature maps are [N, 320, H/32, W/32].
    /// </param>
    public static Sequential Features(FeatureKind kind)
    {
        List<nn.Module<Tensor, Tensor>> layers = [InvertedResidual.ConvNormRelu(3, 32, kernel: 3, stride: 2)];
        var inputs = 32;
        foreach (var (expansion, channels, repeats, firstStride) in Stages)
        {
            for (var i = 0; i < repeats; i++)
            {
                layers.Add(new InvertedResidual(inputs, channels, i == 0 ? firstStride : 1, expansion));
                inputs = channels;
            }
        }

        if (kind == FeatureKind.Pooled)
        {
            layers.Add(InvertedResidual.ConvNormRelu(inputs, Channels, kernel: 1));
        }

        var features = nn.Sequential(layers);
        Initialise(features);
        return features;
    }

    /// <summary>Initialises convolutions as in He et al. 2015 (fan out). Batch norms already start at γ = 1 and β = 0.</summary>
    private static void Initialise(Sequential features)
    {
        foreach (var (_, module) in features.named_modules())
        {
            if (module is Conv2d convolution)
            {
                nn.init.kaiming_normal_(convolution.weight, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
            }
        }
    }
}
