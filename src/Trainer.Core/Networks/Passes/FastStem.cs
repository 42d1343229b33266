using Trainer.Core.Kernels;
using Trainer.Core.Kernels.Filters;

namespace Trainer.Core.Networks.Passes;

/// <summary>
/// The first convolution, 3x3 with stride 2 over RGB, computed as a matrix product over patches of 27 values, padded to 32.
/// </summary>
internal sealed unsafe class FastStem(NormedConvolution source) : FastConvolution(source)
{
    private const int Kernel = 3;
    private const int Places = Kernel * Kernel;
    private const int Padded = 32; // values in a padded patch
    private const int PlacesInBand = 512;
    private const int MostRowsInBand = 8;

    private readonly AlignedBuffer forward = new();

    protected override int SumsOfOutput => Padded;

    public override int EdgeFor(int edge) => KernelBounds.Outputs(edge, Stride);

    public override void Dispose()
    {
        base.Dispose();
        forward.Dispose();
    }

    public override void Convolve(ThreadTeam team, float* input, float* output, int pictures, int edge, float* plus, bool relu6)
    {
        var to = EdgeFor(edge);
        team.Run(pictures * to, (task, _) =>
        {
            var picture = task / to;
            ConvolveRow(
                input + ((nint)picture * edge * edge * Inputs), output + ((nint)picture * to * to * Outputs), edge, task % to,
                new Epilogue(Bias, relu6: relu6));
        });
    }

    /// <summary>Sums the gradients of the weights. Gradients of the pictures aren't needed.</summary>
    public override void Gradients(
        ThreadTeam team, GradientSums into, float* gradients, float* input, bool inputHasRelu6, float* result, int pictures, int edge,
        float* plus)
    {
        var to = EdgeFor(edge);
        var inGroup = (pictures + into.Groups - 1) / into.Groups;
        team.Run(into.Groups, (group, _) =>
        {
            float* weights = into.Weights(group), constants = into.Constants(group);
            new Span<float>(weights, Padded * Outputs).Clear();
            new Span<float>(constants, Outputs).Clear();
            for (var picture = group * inGroup; picture < Math.Min(pictures, (group + 1) * inGroup); picture++)
            {
                AddGradients(
                    gradients + ((nint)picture * to * to * Outputs), input + ((nint)picture * edge * edge * Inputs), weights, constants,
                    edge, 0, to);
            }
        });
    }

    public override int RowsInBand(int edge) => Math.Clamp(PlacesInBand / edge, 1, MostRowsInBand);

    public override (int First, int Last) InputRows(int edge, int first, int last) => (0, edge); // it is read where it is

    /// <summary>Takes each row of the result with the middle one of the three rows that it sees.</summary>
    public override (int First, int Last) OutputRows(int edge, int first, int last) =>
        ((first + Stride - 1) / Stride, (last + Stride - 1) / Stride);

    public override void ConvolveRows(float* input, float* output, int edge, int first, int last, ReadAhead ahead)
    {
        for (var row = first; row < last; row++)
        {
            ConvolveRow(input, output, edge, row, new Epilogue());
        }
    }

    public override void GradientRows(
        float* gradients, float* input, bool inputHasRelu6, float* result, float* plus, float* sums, int edge, int first, int last,
        ReadAhead ahead)
    {
        var (from, to) = OutputRows(edge, first, last);
        AddGradients(gradients, input, sums, constants: null, edge, from, to);
    }

    protected override void Pack(bool trains)
    {
        var scaled = stackalloc float[Padded * Outputs];
        new Span<float>(scaled, Padded * Outputs).Clear();
        for (var output = 0; output < Outputs; output++)
        {
            for (var i = 0; i < WeightsOfOutput; i++)
            {
                scaled[(output * Padded) + InPatch(i)] = Weights[(output * WeightsOfOutput) + i] * Factors[output];
            }
        }

        Packing.Pack(scaled, 1, Padded, Padded, Outputs, forward.For(Packing.Size(Padded, Outputs)));
    }

    protected override void Arrange(float* joined)
    {
        var patch = stackalloc float[Padded];
        for (var output = 0; output < Outputs; output++, joined += Padded)
        {
            new Span<float>(joined, Padded).CopyTo(new Span<float>(patch, Padded));
            for (var i = 0; i < WeightsOfOutput; i++)
            {
                joined[i] = patch[InPatch(i)];
            }
        }
    }

    /// <summary>A weight's index in a patch. Weights are ordered by colour, row and column; patches by row, column and colour.</summary>
    private int InPatch(int weight) => (weight % Places * Inputs) + (weight / Places);

    /// <summary>Computes one row of a picture's result.</summary>
    private void ConvolveRow(float* input, float* output, int edge, int row, Epilogue epilogue)
    {
        var to = EdgeFor(edge);
        var patches = stackalloc float[to * Padded];
        Cut(input, edge, row, patches);
        Product.Multiply(
            ThreadTeam.Alone, patches, forward.First, output + ((nint)row * to * Outputs), to, Padded, Outputs, epilogue);
    }

    /// <summary>Adds a picture's gradients of the weights, for some rows of its result.</summary>
    /// <param name="constants">If not null, the gradients themselves are added to it.</param>
    private void AddGradients(float* gradients, float* input, float* sums, float* constants, int edge, int first, int last)
    {
        var to = EdgeFor(edge);
        var patches = stackalloc float[to * Padded];
        for (var row = first; row < last; row++)
        {
            Cut(input, edge, row, patches);
            var dy = gradients + ((nint)row * to * Outputs);
            Product.Add(dy, patches, sums, to, Padded, Outputs, 0, Outputs);
            if (constants is not null)
            {
                ColumnSums.Add(dy, to, Outputs, 0, Outputs, constants);
            }
        }
    }

    /// <summary>Copies the patches for one row of a picture's result, with zeros where they extend beyond the picture.</summary>
    private void Cut(float* pixels, int edge, int row, float* patches)
    {
        var to = EdgeFor(edge);
        new Span<float>(patches, to * Padded).Clear();
        for (var column = 0; column < to; column++, patches += Padded)
        {
            var first = (column * Stride) - 1;
            var (left, right) = (Math.Max(first, 0), Math.Min(first + Kernel, edge));
            for (var i = 0; i < Kernel; i++)
            {
                var y = (row * Stride) + i - 1;
                if ((uint)y < (uint)edge)
                {
                    new Span<float>(pixels + ((((nint)y * edge) + left) * Inputs), (right - left) * Inputs)
                        .CopyTo(new Span<float>(patches + (((i * Kernel) + left - first) * Inputs), Kernel * Inputs));
                }
            }
        }
    }
}
