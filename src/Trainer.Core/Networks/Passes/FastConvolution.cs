using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Trainer.Core.Kernels;

namespace Trainer.Core.Networks.Passes;

/// <summary>A convolution with its batch norm and ReLU6, computed by trainer's own kernels on feature maps [N, E, E, C].</summary>
/// <remarks>
/// If the batch norm's statistics are fixed, its factor γ/√(v+ε) is multiplied into the weights, and its constant β − μ·factor becomes the
/// bias. Otherwise <see cref="Learning.LearningConvolution"/> computes the norm, and asks this class for the convolution alone.
/// </remarks>
internal abstract unsafe class FastConvolution(NormedConvolution source) : IDisposable
{
    private const int OutputsInTask = 32;
    private const int MostWeightsOfFew = 32 * 1024;

    private readonly AlignedBuffer factors = new();
    private readonly AlignedBuffer constants = new();
    private readonly AlignedBuffer sums = new();
    private readonly AlignedBuffer sumsOfConstants = new();

    /// <summary>The number of output channels.</summary>
    public int Outputs { get; } = (int)source.Convolution.out_channels;

    /// <summary>True when a ReLU6 follows.</summary>
    public bool HasRelu6 => source.HasRelu6;

    /// <summary>True when the batch norm uses each batch's statistics.</summary>
    public bool Learns => source.Norm.training;

    public BatchNormLayer Norm => source.Norm;

    public int Stride { get; } = (int)source.Convolution.stride[0];

    /// <summary>True when the weights' gradients are so few that each picture can have its own sums of them.</summary>
    public bool HasFewWeights => SumsOfOutput * Outputs <= MostWeightsOfFew;

    /// <summary>The results that training keeps for the backward pass.</summary>
    public AlignedBuffer Maps { get; } = new();

    /// <summary>
    /// In how many groups a batch's gradients are summed. A layer with few weights and many pixels sums each picture separately.
    /// </summary>
    public int GroupsFor(int pictures) => HasFewWeights ? pictures : 1;

    /// <summary>The number of input channels.</summary>
    protected int Inputs { get; } = (int)source.Convolution.in_channels;

    /// <summary>The convolution's own weights, [outputs, inputs / groups · kernel²].</summary>
    protected float* Weights => Numbers(source.Convolution.weight!); // a convolution always has weights

    protected int WeightsOfOutput { get; } = (int)(source.Convolution.weight!.numel() / source.Convolution.out_channels);

    /// <summary>The batch norm's factors, [outputs].</summary>
    protected float* Factors => factors.First;

    /// <summary>The constant added to each channel, [outputs].</summary>
    protected float* Bias => constants.First;

    /// <summary>The number of gradient sums for each output; more than its weights if there is padding among them.</summary>
    protected virtual int SumsOfOutput => WeightsOfOutput;

    /// <summary>Loads the module's current weights.</summary>
    /// <param name="trains">True when a backward pass will follow.</param>
    public void Load(bool trains)
    {
        var norm = source.Norm;
        float* weight = Numbers(norm.Weight), bias = Numbers(norm.Bias), mean = Numbers(norm.RunningMean),
            variance = Numbers(norm.RunningVariance);
        float* factor = factors.For(Outputs), constant = constants.For(Outputs);
        for (var i = 0; i < Outputs; i++)
        {
            factor[i] = Learns ? 1 : weight[i] / MathF.Sqrt(variance[i] + (float)BatchNormLayer.Epsilon);
            constant[i] = Learns ? 0 : bias[i] - (mean[i] * factor[i]);
        }

        Pack(trains);
    }

    /// <summary>The edge of the result for an edge of the input.</summary>
    public virtual int EdgeFor(int edge) => edge;

    /// <summary>Allocates memory for the gradient sums.</summary>
    public GradientSums SumsFor(int groups) => new(
        sums.For((long)groups * SumsOfOutput * Outputs), sumsOfConstants.For((long)groups * Outputs), groups, SumsOfOutput * Outputs,
        Outputs);

    /// <summary>Adds the sums to the gradients of the weights and of the batch norm.</summary>
    public void AddGradients(ThreadTeam team, GradientSums from)
    {
        from.Join(team);
        Arrange(from.Weights(0));
        var norm = source.Norm;
        float* weights = Weights, gradients = Numbers(source.Convolution.weight!.grad!);
        float* ofWeight = Numbers(norm.Weight.grad!), ofBias = Numbers(norm.Bias.grad!);
        float* mean = Numbers(norm.RunningMean), variance = Numbers(norm.RunningVariance);
        team.Run((Outputs + OutputsInTask - 1) / OutputsInTask, (task, _) =>
        {
            for (var i = task * OutputsInTask; i < Math.Min(Outputs, (task + 1) * OutputsInTask); i++)
            {
                var sum = new ReadOnlySpan<float>(from.Weights(0) + ((nint)i * SumsOfOutput), WeightsOfOutput);
                var own = new Span<float>(gradients + ((nint)i * WeightsOfOutput), WeightsOfOutput);
                TensorPrimitives.MultiplyAdd(sum, Factors[i], own, own);
                if (!Learns)
                {
                    var product = TensorPrimitives.Dot(
                        sum, new ReadOnlySpan<float>(weights + ((nint)i * WeightsOfOutput), WeightsOfOutput));
                    ofWeight[i] += (product - (mean[i] * from.Constants(0)[i])) / MathF.Sqrt(variance[i] + (float)BatchNormLayer.Epsilon);
                    ofBias[i] += from.Constants(0)[i];
                }
            }
        });
    }

    public virtual void Dispose()
    {
        foreach (var buffer in new[] { factors, constants, sums, sumsOfConstants, Maps })
        {
            buffer.Dispose();
        }
    }

    /// <summary>The address of a contiguous tensor's values, valid while the tensor lives.</summary>
    public static float* Numbers(TorchSharp.torch.Tensor tensor) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    /// <summary>Multiplies the weights by the factors and puts them into the order that the kernel reads.</summary>
    protected abstract void Pack(bool trains);

    /// <summary>Puts the gradient sums into the order of the weights.</summary>
    protected virtual void Arrange(float* joined)
    {
    }

    /// <summary>Computes y = x ∗ w + bias + plus, followed by a ReLU6 if <paramref name="relu6"/> is true.</summary>
    /// <param name="input">[pictures, edge, edge, inputs].</param>
    /// <param name="output">[pictures, E, E, outputs], written.</param>
    /// <param name="plus">Added to the result if not null; has the result's layout.</param>
    public abstract void Convolve(ThreadTeam team, float* input, float* output, int pictures, int edge, float* plus, bool relu6);

    /// <summary>
    /// Computes the input's gradients dY ∗ wᵀ + plus, and sums dY · x for each weight, and dY.
    /// </summary>
    /// <param name="into">Written: the sums for <see cref="AddGradients"/>.</param>
    /// <param name="gradients">dY: gradients of the result before its ReLU6.</param>
    /// <param name="input">The same as for <see cref="Convolve"/>.</param>
    /// <param name="inputHasRelu6">True when the input is the result of a ReLU6; the gradients are then those before it.</param>
    /// <param name="result">The input's gradients, written; null when they aren't needed.</param>
    /// <param name="plus">Added to the input's gradients if not null.</param>
    public abstract void Gradients(
        ThreadTeam team, GradientSums into, float* gradients, float* input, bool inputHasRelu6, float* result, int pictures, int edge,
        float* plus);

    /// <summary>How many rows of a picture of this edge a thread should take at once.</summary>
    public abstract int RowsInBand(int edge);

    /// <summary>The input's rows that rows of the result see, from the first up to but not including the last.</summary>
    public virtual (int First, int Last) InputRows(int edge, int first, int last) => (first, last);

    /// <summary>The result's rows that see rows of the input, from the first up to but not including the last.</summary>
    public virtual (int First, int Last) OutputRows(int edge, int first, int last) => (first, last);

    /// <summary>Computes x ∗ w + bias for some rows of a picture's result.</summary>
    /// <param name="input">The picture's first row; only the rows that <see cref="InputRows"/> names are read.</param>
    /// <param name="output">The first row of the picture's result.</param>
    /// <param name="last">The row after the last one.</param>
    /// <param name="ahead">What to read meanwhile.</param>
    public abstract void ConvolveRows(float* input, float* output, int edge, int first, int last, ReadAhead ahead);

    /// <summary>Computes the gradients of some rows of a picture, and adds these rows' share to the weights' gradients.</summary>
    /// <remarks>All pointers are to the picture's first row; the rest is as for <see cref="Gradients"/>.</remarks>
    /// <param name="gradients">Only the rows that <see cref="OutputRows"/> names are read.</param>
    /// <param name="sums">Sums of the weights' gradients, added to.</param>
    /// <param name="last">The row after the last one.</param>
    /// <param name="ahead">What to read meanwhile.</param>
    public abstract void GradientRows(
        float* gradients, float* input, bool inputHasRelu6, float* result, float* plus, float* sums, int edge, int first, int last,
        ReadAhead ahead);
}
