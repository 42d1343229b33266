using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>The features of MobileNetV2 at width 1.0, under torchvision's names.</summary>
/// <remarks>Sandler et al. 2018, table 2, <see href="https://arxiv.org/abs/1801.04381"/>.</remarks>
internal static class MobileNetV2
{
    /// <summary>Channels of the last map, which <see cref="FeatureKind.Depths"/> does without.</summary>
    public const int Channels = 1280;

    /// <summary>Table 2: expansion, channels, repeats, stride of the first.</summary>
    private static readonly (int Expansion, int Channels, int Repeats, int Stride)[] Stages =
    [
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ];

    /// <summary>Images [N, 3, H, W] → maps [N, 1280, H/32, W/32], initialised as torchvision does.</summary>
    /// <param name="kind">For <see cref="FeatureKind.Depths"/> the last layer is left out: maps [N, 320, H/32, W/32].</param>
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

    /// <summary>He et al. 2015 (fan out) on convolutions; batch norm starts at 1 and 0 by itself.</summary>
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
