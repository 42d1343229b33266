using Trainer.Core.Kernels;

namespace Trainer.Core.Networks.Passes;

/// <summary>
/// The first convolution, 3x3 with stride 2 over RGB, computed as a matrix product over patches of 27 values, padded to 32.
/// </summary>
internal sealed unsafe class FastStem(NormedConvolution source) : FastConvolution(source)
{
    private const int Kernel = 3;
    private const int Places = Kernel * Kernel;
    private const int Padded = 32; // values in a padded patch

    private readonly AlignedBuffer forward = new();

    protected override int SumsOfOutput => Padded;

    public override int EdgeFor(int edge) => KernelBounds.Outputs(edge, Stride);

    public override void Dispose()
    {
        base.Dispose();
        forward.Dispose();
    }

    protected override void Convolve(ThreadTeam team, float* input, float* output, int pictures, int edge, float* plus, bool relu6)
    {
        var to = EdgeFor(edge);
        team.Run(pictures * to, (task, _) =>
        {
            var patches = stackalloc float[to * Padded];
            Cut(input, edge, task / to, task % to, patches);
            Product.Multiply(ThreadTeam.Alone, patches, forward.First, output + ((nint)task * to * Outputs), to, Padded, Outputs,
                new Epilogue(Bias, relu6: relu6));
        });
    }

    /// <summary>Sums the gradients of the weights. Gradients of the pictures aren't needed.</summary>
    protected override void Gradients(
        ThreadTeam team, GradientSums into, float* gradients, float* input, bool inputHasRelu6, float* result, int pictures, int edge,
        float* plus)
    {
        var to = EdgeFor(edge);
        var inGroup = (pictures + into.Groups - 1) / into.Groups;
        team.Run(into.Groups, (group, _) =>
        {
            var patches = stackalloc float[to * Padded];
            float* weights = into.Weights(group), constants = into.Constants(group);
            new Span<float>(weights, Padded * Outputs).Clear();
            new Span<float>(constants, Outputs).Clear();
            for (var row = group * inGroup * to; row < Math.Min(pictures, (group + 1) * inGroup) * to; row++)
            {
                Cut(input, edge, row / to, row % to, patches);
                Product.Add(gradients + ((nint)row * to * Outputs), patches, weights, constants, to, Padded, Outputs, 0, Outputs);
            }
        });
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

    /// <summary>Copies the patches for one row of the result, with zeros where they extend beyond the picture.</summary>
    private void Cut(float* input, int edge, int picture, int row, float* patches)
    {
        var to = EdgeFor(edge);
        var pixels = input + ((nint)picture * edge * edge * Inputs);
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
