using System.Numerics.Tensors;
using Trainer.Core.Kernels;

namespace Trainer.Core.Networks.Passes;

/// <summary>A 1x1 convolution, computed as a matrix product over all pixels.</summary>
internal sealed unsafe class FastPointwise(NormedConvolution source) : FastConvolution(source)
{
    private const int PlacesInBand = 128;

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

    public override void Convolve(ThreadTeam team, float* input, float* output, int pictures, int edge, float* plus, bool relu6) =>
        Product.Multiply(team, input, forward.First, output, pictures * edge * edge, Inputs, Outputs, new Epilogue(Bias, plus, relu6));

    public override void Gradients(
        ThreadTeam team, GradientSums into, float* gradients, float* input, bool inputHasRelu6, float* result, int pictures, int edge,
        float* plus)
    {
        var rows = pictures * edge * edge;
        Product.WeightGradients(team, gradients, input, into, rows, Inputs, Outputs);
        Product.Multiply(team, gradients, backward.First, result, rows, Outputs, Inputs,
            new Epilogue(plus: plus, mask: inputHasRelu6 ? input : null));
    }

    public override int RowsInBand(int edge) => Math.Max(PlacesInBand / edge, 1);

    public override void ConvolveRows(float* input, float* output, int edge, int first, int last, ReadAhead ahead)
    {
        nint offset = first * edge;
        Product.Multiply(
            ThreadTeam.Alone, input + (offset * Inputs), forward.First, output + (offset * Outputs), (last - first) * edge, Inputs, Outputs,
            new Epilogue(), ahead);
    }

    public override void GradientRows(
        float* gradients, float* input, bool inputHasRelu6, float* result, float* plus, float* sums, int edge, int first, int last,
        ReadAhead ahead)
    {
        nint offset = first * edge, given = offset * Outputs, taken = offset * Inputs;
        var rows = (last - first) * edge;
        Product.Add(gradients + given, input + taken, sums, rows, Inputs, Outputs, 0, Outputs, ahead);
        Product.Multiply(
            ThreadTeam.Alone, gradients + given, backward.First, result + taken, rows, Outputs, Inputs,
            new Epilogue(plus: plus is null ? null : plus + taken, mask: inputHasRelu6 ? input + taken : null), ahead);
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
