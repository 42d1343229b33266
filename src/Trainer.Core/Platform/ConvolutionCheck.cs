using System.Runtime.CompilerServices;
using Trainer.Core.Randomness;
using static TorchSharp.torch;

namespace Trainer.Core.Platform;

/// <summary>A convolution as the network uses them: without a bias, and padded so that stride 1 keeps the size.</summary>
/// <param name="Edge">Edge of the square input feature maps, in pixels.</param>
/// <param name="Kernel">Edge of the square kernel, in pixels.</param>
public sealed record ConvolutionShape(int Pictures, int Edge, int Inputs, int Outputs, int Kernel, int Stride, int Groups)
{
    /// <summary>Zeros added on each side.</summary>
    internal int Padding => (Kernel - 1) / 2;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Kernel}x{Kernel}{(Groups > 1 ? " depthwise" : "")}{(Stride > 1 ? $" stride {Stride}" : "")} [{Pictures}, {Inputs}, {Edge}, "
            + $"{Edge}] to {Outputs}";
}

/// <summary>The error of libtorch in one convolution; rounding alone gives about 1e-6.</summary>
/// <param name="Deviation">Largest difference of the result from plain loops, divided by the largest value.</param>
/// <param name="GradientDeviation">
/// Error of the input's and the weights' gradients: the difference of the sums that must agree, divided by the norm of their terms.
/// </param>
public sealed record CheckedConvolution(ConvolutionShape Shape, double Deviation, double GradientDeviation)
{
    /// <summary>
    /// Far above rounding errors, even those of a GPU's TF32 (about 1e-3), and far below the 0.2 to 0.5 of a libtorch that computes wrong
    /// results.
    /// </summary>
    private const double MostOfRounding = 1e-2;

    /// <summary>The larger of the two deviations.</summary>
    internal double Worst => Math.Max(Deviation, GradientDeviation);

    /// <summary>True when both deviations are only rounding; false when one of them is NaN.</summary>
    public bool IsRight => Worst <= MostOfRounding;
}

/// <summary>Computes the kinds of convolutions that the network contains, and compares them with plain loops.</summary>
internal static class ConvolutionCheck
{
    /// <summary>
    /// Every 97th value of a result is compared. 97 divides none of the sizes, so the samples spread over all channels and pixels.
    /// </summary>
    private const int Step = 97;

    private const ulong Seed = 15;

    /// <summary>
    /// The stem, an expansion, two depthwise convolutions, the deep 1x1 convolutions (which libtorch 2.10 gets wrong on some processors
    /// with 512-bit vectors), and the embedding layer.
    /// </summary>
    private static readonly ConvolutionShape[] Shapes =
    [
        new(2, 32, 3, 32, Kernel: 3, Stride: 2, Groups: 1),
        new(2, 16, 16, 96, Kernel: 1, Stride: 1, Groups: 1),
        new(2, 8, 96, 96, Kernel: 3, Stride: 1, Groups: 96),
        new(2, 8, 144, 144, Kernel: 3, Stride: 2, Groups: 144),
        new(6, 4, 960, 320, Kernel: 1, Stride: 1, Groups: 1),
        new(6, 4, 320, 1280, Kernel: 1, Stride: 1, Groups: 1),
        new(32, 4, 960, 320, Kernel: 1, Stride: 1, Groups: 1),
        new(32, 1, 1280, 512, Kernel: 1, Stride: 1, Groups: 1), // the embedding layer
    ];

    /// <summary>Checks all of these convolutions.</summary>
    /// <param name="convolve">
    /// Computes one convolution, from the input [N, C, E, E] with channels last in memory and the weights [outputs, inputs / groups,
    /// kernel, kernel].
    /// </param>
    public static IReadOnlyList<CheckedConvolution> Run(Device device, Func<Tensor, Tensor, ConvolutionShape, Tensor> convolve) =>
        [.. Shapes.Select(shape => Check(shape, device, convolve))];

    /// <summary>
    /// Convolves by libtorch. Feature maps of one pixel, the embedding layer's input, are multiplied as matrices instead.
    /// </summary>
    public static Tensor ByLibtorch(Tensor input, Tensor weights, ConvolutionShape shape) => shape.Edge == 1
        ? nn.functional.linear(input.flatten(1), weights.flatten(1)).view(shape.Pictures, shape.Outputs, 1, 1)
        : nn.functional.conv2d(input, weights, null, [shape.Stride, shape.Stride], [shape.Padding, shape.Padding], groups: shape.Groups);

    private static CheckedConvolution Check(ConvolutionShape shape, Device device, Func<Tensor, Tensor, ConvolutionShape, Tensor> convolve)
    {
        using var scope = NewDisposeScope();
        var maps = Numbers(shape.Pictures * shape.Edge * shape.Edge * shape.Inputs, 1);          // [N, E, E, C]
        var kernels = Numbers(shape.Outputs * shape.Inputs / shape.Groups * shape.Kernel * shape.Kernel, 2);
        var input = tensor(maps, [shape.Pictures, shape.Edge, shape.Edge, shape.Inputs]).permute(0, 3, 1, 2).to(device).requires_grad_();
        var weights = tensor(kernels, [shape.Outputs, shape.Inputs / shape.Groups, shape.Kernel, shape.Kernel]).to(device).requires_grad_();
        double deviation;
        using (no_grad())
        {
            deviation = Deviation(shape, maps, kernels, convolve(input.detach(), weights.detach(), shape));
        }

        using var gradients = enable_grad(); // libtorch may choose another algorithm when gradients are wanted
        var result = convolve(input, weights, shape);                                             // [N, O, E', E']
        var flow = tensor(Numbers((int)result.numel(), 3), result.shape).to(device);
        result.backward([flow]);
        // both require gradients
        return new(shape, deviation, GradientDeviation(result, flow, (input, input.grad!), (weights, weights.grad!)));
    }

    private static double Deviation(ConvolutionShape shape, float[] maps, float[] kernels, Tensor result)
    {
        var places = result.permute(0, 2, 3, 1).contiguous().cpu().data<float>().ToArray();
        var edge = (int)result.shape[2];
        double worst = 0, largest = 0;
        for (var i = 0; i < places.Length; i += Step)
        {
            var (place, output) = (i / shape.Outputs, i % shape.Outputs);
            var expected = Value(shape, maps, kernels, place / (edge * edge), place / edge % edge, place % edge, output);
            largest = Math.Max(largest, Math.Abs(expected));
            worst = Math.Max(worst, Math.Abs(places[i] - expected)); // NaN if any value is NaN
        }

        return worst / largest;
    }

    /// <summary>One value of the result, computed by the definition of a convolution.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // it runs too briefly for the runtime to optimise it by itself
    private static double Value(ConvolutionShape shape, float[] maps, float[] kernels, int picture, int row, int column, int output)
    {
        var inputs = shape.Inputs / shape.Groups;
        var first = output / (shape.Outputs / shape.Groups) * inputs;
        var sum = 0.0;
        for (var tap = 0; tap < shape.Kernel * shape.Kernel; tap++)
        {
            var (y, x) = ((row * shape.Stride) + (tap / shape.Kernel) - shape.Padding,
                (column * shape.Stride) + (tap % shape.Kernel) - shape.Padding);
            for (var c = 0; c < inputs && (uint)y < (uint)shape.Edge && (uint)x < (uint)shape.Edge; c++)
            {
                sum += (double)maps[(((((picture * shape.Edge) + y) * shape.Edge) + x) * shape.Inputs) + first + c]
                    * kernels[(((output * inputs) + c) * shape.Kernel * shape.Kernel) + tap];
            }
        }

        return sum;
    }

    /// <summary>
    /// A convolution is linear in its input x and in its weights w. So with y the result and g the gradient of y, Σ g·y = Σ x·∂x = Σ w·∂w.
    /// With random numbers, the three sums agree only if all of them are right.
    /// </summary>
    private static double GradientDeviation(Tensor result, Tensor flow, params (Tensor Values, Tensor Gradients)[] others)
    {
        var products = Products(flow, result);
        var (sum, length) = (products.sum().item<double>(), products.norm().item<double>());
        return others.Max(other => Math.Abs(Products(other.Values, other.Gradients).sum().item<double>() - sum)) / length;
    }

    private static Tensor Products(Tensor a, Tensor b) =>
        a.detach().cpu().to(ScalarType.Float64).mul(b.detach().cpu().to(ScalarType.Float64));

    /// <summary>Random numbers from −1 to 1. They don't come from libtorch, because its generator's state must not change.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float[] Numbers(int count, ulong purpose)
    {
        var random = new CounterRandom(Seed, purpose);
        var numbers = new float[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = (float)((2 * random.NextDouble()) - 1);
        }

        return numbers;
    }
}
