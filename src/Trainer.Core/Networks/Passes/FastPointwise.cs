using System.Numerics.Tensors;
using Trainer.Core.Kernels;

namespace Trainer.Core.Networks.Passes;

/// <summary>A 1x1 convolution, computed as a matrix product over all pixels.</summary>
internal sealed unsafe class FastPointwise(NormedConvolution source) : FastConvolution(source)
{
    private readonly AlignedBuffer scaled = new();
    private readonly AlignedBuffer forward = new();
    private readonly AlignedBuffer backward = new();

    public override void Dispose()
    {
        base.Dispose();
        scaled.Dispose();
        forward.Dispose();
        backward.Dispose();
    }

    protected override void Convolve(ThreadTeam team, float* input, float* output, int pictures, int edge, float* plus, bool relu6) =>
        Product.Multiply(team, input, forward.First, output, pictures * edge * edge, Inputs, Outputs, new Epilogue(Bias, plus, relu6));

    protected override void Gradients(
        ThreadTeam team, GradientSums into, float* gradients, float* input, bool inputHasRelu6, float* result, int pictures, int edge,
        float* plus)
    {
        var rows = pictures * edge * edge;
        Product.WeightGradients(team, gradients, input, into, rows, Inputs, Outputs);
        Product.Multiply(team, gradients, backward.First, result, rows, Outputs, Inputs,
            new Epilogue(plus: plus, mask: inputHasRelu6 ? input : null));
    }

    protected override void Pack(bool trains)
    {
        float* weights = scaled.For((long)Inputs * Outputs), own = Weights;
        for (nint i = 0; i < Outputs; i++)
        {
            TensorPrimitives.Multiply(
                new ReadOnlySpan<float>(own + (i * Inputs), Inputs), Factors[i], new Span<float>(weights + (i * Inputs), Inputs));
        }

        Packing.Pack(weights, 1, Inputs, Inputs, Outputs, forward.For(Packing.Size(Inputs, Outputs)));
        if (trains)
        {
            Packing.Pack(weights, Inputs, 1, Outputs, Inputs, backward.For(Packing.Size(Outputs, Inputs)));
        }
    }
}
