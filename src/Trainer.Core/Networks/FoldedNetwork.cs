using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>A convolution with its batch norm folded into the weights and the bias.</summary>
/// <param name="Weights">[outputs, inputs / groups, kernel, kernel], row-major.</param>
/// <param name="Bias">[outputs].</param>
/// <param name="HasRelu6">True when a ReLU6 follows.</param>
internal sealed record FoldedConvolution(string Name, float[] Weights, long[] Shape, float[] Bias, int Stride, int Groups, bool HasRelu6)
{
    /// <summary>Edge of the square kernel.</summary>
    public int Kernel => (int)Shape[2];

    /// <summary>Zeros added on each side, so that stride 1 keeps the size.</summary>
    public int Padding => (Kernel - 1) / 2;
}

/// <summary>A sequence of convolutions.</summary>
/// <param name="HasShortcut">True when the block's input is added to its output.</param>
internal sealed record FoldedBlock(IReadOnlyList<FoldedConvolution> Convolutions, bool HasShortcut);

/// <summary>The network as exports write it: arrays of weights, with the batch norms folded into the convolutions.</summary>
/// <param name="HeadWeights">[512, F], row-major; F is 1280 or 1888.</param>
/// <param name="HeadBias">[512].</param>
/// <param name="Kind">The features: the mean of the last block's feature map, or the <see cref="Descriptor"/>.</param>
internal sealed record FoldedNetwork(
    IReadOnlyList<FoldedBlock> Blocks, float[] HeadWeights, float[] HeadBias, FeatureKind Kind = FeatureKind.Pooled)
{
    /// <summary>Folds each batch norm into its convolution, in float64: weights w·γ/√(v+ε), bias β − μ·γ/√(v+ε).</summary>
    /// <param name="network">The network, on any device; it isn't changed.</param>
    public static FoldedNetwork Of(EmbeddingNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var blocks = network.Features.named_children().Select(child => Fold($"features.{child.name}", child.module)).ToArray();
        return new FoldedNetwork(blocks, Numbers(network.Head.weight), Numbers(network.Head.bias!), network.Kind); // made with a bias
    }

    /// <summary>A network that computes the same result: it has the folded weights, and its batch norms only add the bias.</summary>
    /// <returns>The network, on the CPU and in evaluation mode.</returns>
    internal EmbeddingNetwork ToNetwork()
    {
        var network = new EmbeddingNetwork(Kind); // made before the scope, which would dispose its tensors
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var variance = tensor((float)(1 - BatchNormLayer.Epsilon));
        foreach (var ((name, module), block) in network.Features.named_children().Zip(Blocks))
        {
            var layers = module is InvertedResidual residual ? residual.Layers : (Sequential)module;
            foreach (var (layer, convolution) in NormedConvolution.In(name, layers).Zip(block.Convolutions))
            {
                layer.Convolution.weight!.copy_(tensor(convolution.Weights, convolution.Shape)); // a convolution always has weights
                layer.Norm.Bias.copy_(tensor(convolution.Bias));
                layer.Norm.RunningVariance.copy_(variance);
            }
        }

        network.SetHead(HeadWeights, HeadBias);
        network.eval();
        return network;
    }

    private static FoldedBlock Fold(string name, nn.Module module) => module switch
    {
        InvertedResidual block => new FoldedBlock(Fold(NormedConvolution.In($"{name}.conv", block.Layers)), block.HasShortcut),
        Sequential layers => new FoldedBlock(Fold(NormedConvolution.In(name, layers)), HasShortcut: false),
        _ => throw new NotSupportedException($"{name} is a {module.GetType().Name}."),
    };

    private static FoldedConvolution[] Fold(IEnumerable<NormedConvolution> layers) =>
        [.. layers.Select(layer => Fold(layer.Name, layer.Convolution, layer.Norm, layer.HasRelu6))];

    private static FoldedConvolution Fold(string name, Conv2d convolution, BatchNormLayer norm, bool hasRelu6)
    {
        using Scalar epsilon = BatchNormLayer.Epsilon;
        var factor = Wide(norm.Weight) / (Wide(norm.RunningVariance) + epsilon).sqrt();              // [outputs]
        var weights = Wide(convolution.weight) * factor.reshape(-1, 1, 1, 1);                     // [outputs, inputs / groups, k, k]
        var bias = Wide(norm.Bias) - (Wide(norm.RunningMean) * factor);                          // [outputs]
        return new FoldedConvolution(
            name, Numbers(weights), weights.shape, Numbers(bias), (int)convolution.stride[0], (int)convolution.groups, hasRelu6);
    }

    private static Tensor Wide(Tensor? tensor) =>
        (tensor ?? throw new NotSupportedException("A batch norm without weights or statistics.")).cpu().to(ScalarType.Float64);

    private static float[] Numbers(Tensor tensor) => tensor.cpu().to(ScalarType.Float32).contiguous().data<float>().ToArray();
}
