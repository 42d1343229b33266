using System.Collections.Concurrent;
using Trainer.Core.Kernels;
using Trainer.Core.Kernels.Filters;

namespace Trainer.Core.Networks.Passes;

/// <summary>A depthwise 3x3 convolution. Its input is always the result of a ReLU6.</summary>
internal sealed unsafe class FastDepthwise(NormedConvolution source) : FastConvolution(source)
{
    private const int PlacesInBand = 512;
    private const int MostRowsInBand = 8;

    private readonly ConcurrentDictionary<int, Depthwise> kernels = new(); // by edge
    private readonly AlignedBuffer packed = new();
    private readonly AlignedBuffer arranged = new();

    public override int EdgeFor(int edge) => KernelBounds.Outputs(edge, Stride);

    public override void Dispose()
    {
        base.Dispose();
        packed.Dispose();
        arranged.Dispose();
    }

    public override void Convolve(ThreadTeam team, float* input, float* output, int pictures, int edge, float* plus, bool relu6) =>
        KernelFor(edge).Forward(team, input, packed.First, Bias, output, pictures, relu6);

    public override void Gradients(
        ThreadTeam team, GradientSums into, float* gradients, float* input, bool inputHasRelu6, float* result, int pictures, int edge,
        float* plus) =>
        KernelFor(edge).Backward(team, gradients, input, packed.First, result, into, pictures);

    public override int RowsInBand(int edge) => Math.Clamp(PlacesInBand / edge, 1, MostRowsInBand);

    public override (int First, int Last) InputRows(int edge, int first, int last) => KernelFor(edge).InputRows(first, last);

    public override (int First, int Last) OutputRows(int edge, int first, int last) => KernelFor(edge).OutputRows(first, last);

    public override void ConvolveRows(float* input, float* output, int edge, int first, int last, ReadAhead ahead) =>
        KernelFor(edge).ForwardRows(input, packed.First, Bias, output, first, last, relu6: false, ahead);

    public override void GradientRows(
        float* gradients, float* input, bool inputHasRelu6, float* result, float* plus, float* sums, int edge, int first, int last,
        ReadAhead ahead) =>
        KernelFor(edge).BackwardRows(gradients, input, packed.First, result, sums, first, last, ahead);

    protected override void Pack(bool trains)
    {
        float* to = packed.For(Depthwise.Taps * Outputs), own = Weights;
        for (var channel = 0; channel < Outputs; channel++)
        {
            for (var tap = 0; tap < Depthwise.Taps; tap++)
            {
                to[(tap * Outputs) + channel] = own[(channel * Depthwise.Taps) + tap] * Factors[channel];
            }
        }
    }

    protected override void Arrange(float* joined)
    {
        var copy = arranged.For(Depthwise.Taps * Outputs);
        new ReadOnlySpan<float>(joined, Depthwise.Taps * Outputs).CopyTo(new Span<float>(copy, Depthwise.Taps * Outputs));
        for (var channel = 0; channel < Outputs; channel++)
        {
            for (var tap = 0; tap < Depthwise.Taps; tap++)
            {
                joined[(channel * Depthwise.Taps) + tap] = copy[(tap * Outputs) + channel];
            }
        }
    }

    private Depthwise KernelFor(int edge) => kernels.GetOrAdd(edge, size => new Depthwise(Outputs, size, Stride));
}
