using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>
/// MobileNetV2's block: a 1x1 expansion, a depthwise 3x3 convolution and a linear 1x1 projection. The input is added where the shapes are
/// equal.
/// </summary>
/// <remarks>
/// Sandler et al. 2018, fig. 4d, <see href="https://arxiv.org/abs/1801.04381"/>. State-dict keys as in torchvision: conv.0.0.weight and so
/// on.
/// </remarks>
internal sealed class InvertedResidual : nn.Module<Tensor, Tensor>
{
    private static readonly Scalar One = 1; // the operator + would pass a temporary Scalar: docs/decisions/0006

    private readonly Sequential conv;
    private readonly IReadOnlyList<NormedConvolution> convolutions;

    internal InvertedResidual(int inputs, int outputs, int stride, int expansion)
        : base(nameof(InvertedResidual))
    {
        var hidden = inputs * expansion;
        List<nn.Module<Tensor, Tensor>> layers = expansion == 1 ? [] : [ConvNormRelu(inputs, hidden, kernel: 1)];
        layers.Add(ConvNormRelu(hidden, hidden, kernel: 3, stride, groups: hidden));
        layers.Add(nn.Conv2d(hidden, outputs, kernel_size: 1L, bias: false));
        layers.Add(new BatchNormLayer(outputs));
        conv = nn.Sequential(layers);
        HasShortcut = stride == 1 && inputs == outputs;
        convolutions = NormedConvolution.In("conv", conv);
        RegisterComponents();
    }

    /// <summary>True when the block's input is added to its output.</summary>
    public bool HasShortcut { get; }

    /// <summary>The layers in order, each a convolution with its batch norm.</summary>
    public Sequential Layers => conv;

    internal IEnumerable<NormedConvolution> Convolutions => convolutions;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var output = convolutions.Aggregate(input, (maps, convolution) => convolution.Forward(maps));
        return (HasShortcut ? output.add_(input, One) : output).MoveToOuterDisposeScope(); // in place: no gradient needs the old output
    }

    internal static Sequential ConvNormRelu(int inputs, int outputs, int kernel, int stride = 1, int groups = 1) => nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel_size: kernel, stride: stride, padding: (kernel - 1) / 2, groups: groups, bias: false),
        new BatchNormLayer(outputs),
        nn.ReLU6());
}
