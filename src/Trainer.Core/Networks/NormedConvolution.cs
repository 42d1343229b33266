using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>A convolution with its batch norm and ReLU6. Computed together, they take a third of the passes over memory.</summary>
/// <param name="Name">The convolution's name in the state dict.</param>
internal sealed record NormedConvolution(string Name, Conv2d Convolution, BatchNormLayer Norm, bool HasRelu6)
{
    /// <summary>The convolutions of a sequence of layers, including nested sequences, in the order of the forward pass.</summary>
    public static IReadOnlyList<NormedConvolution> In(string name, Sequential layers)
    {
        var flat = InOrder(name, layers).ToArray();
        return
        [
            .. Enumerable.Range(0, flat.Length).Where(i => flat[i].Module is Conv2d).Select(i => new NormedConvolution(
                flat[i].Name, (Conv2d)flat[i].Module, (BatchNormLayer)flat[i + 1].Module,
                i + 2 < flat.Length && flat[i + 2].Module is ReLU6)),
        ];
    }

    /// <summary>[N, inputs, H, W] → [N, outputs, H / stride, W / stride].</summary>
    public Tensor Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var output = Norm.training ? Norm.forward(Convolve(input, Convolution.weight, null)) : Folded(input);
        return (HasRelu6 ? nn.functional.relu6(output, inplace: true) : output).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// With fixed statistics, the batch norm is a factor and a constant per channel. They are multiplied into the convolution's weights,
    /// through which γ and β still get gradients.
    /// </summary>
    private Tensor Folded(Tensor input)
    {
        var factor = Norm.Weight * Norm.InverseDeviation();                                       // [outputs]
        var bias = Norm.Bias - (Norm.RunningMean * factor);                                       // [outputs]
        return Convolve(input, Convolution.weight * factor.view(-1, 1, 1, 1), bias);
    }

    private Tensor Convolve(Tensor input, Tensor? weight, Tensor? bias) =>
        nn.functional.conv2d( // a convolution always has weights
            input, weight!, bias, [.. Convolution.stride], [Padding, Padding], groups: Convolution.groups);

    private long Padding => (Convolution.kernel_size[0] - 1) / 2;

    /// <summary>All layers in order. named_modules() can't be used, since it lists nested layers last.</summary>
    private static IEnumerable<(string Name, nn.Module Module)> InOrder(string name, Sequential layers) => layers.named_children()
        .Select(child => (Name: $"{name}.{child.name}", child.module))
        .SelectMany(child => child.module is Sequential nested ? InOrder(child.Name, nested) : [child]);
}
