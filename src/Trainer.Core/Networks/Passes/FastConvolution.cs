using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Trainer.Core.Kernels;

namespace Trainer.Core.Networks.Passes;

/// <summary>A convolution with its batch norm and ReLU6, computed by trainer's own kernels on feature maps [N, E, E, C].</summary>
/// <remarks>
/// If the batch norm's statistics are fixed, its factor γ/√(v+ε) is multiplied into the weights, and its constant β − μ·factor becomes the
/// bias. Otherwise it uses the statistics of each batch.
/// </remarks>
internal abstract unsafe class FastConvolution(NormedConvolution source) : IDisposable
{
    private const int OutputsInTask = 32;
    private const int MostWeightsOfFew = 32 * 1024;

    private readonly AlignedBuffer factors = new();
    private readonly AlignedBuffer constants = new();
    private readonly AlignedBuffer sums = new();
    private readonly AlignedBuffer sumsOfConstants = new();
    private readonly AlignedBuffer raw = new(); // results before the batch norm, if it uses the batch's statistics
    private readonly Normalisation normalisation = new((int)source.Convolution.out_channels);

    [ThreadStatic]
    private static AlignedBuffer? ofThread; // one picture's gradients

    /// <summary>The number of output channels.</summary>
    public int Outputs { get; } = (int)source.Convolution.out_channels;

    /// <summary>True when a ReLU6 follows.</summary>
    public bool HasRelu6 => source.HasRelu6;

    /// <summary>True when the batch norm uses each batch's statistics.</summary>
    public bool Learns => source.Norm.training;

    /// <summary>The results that training keeps for the backward pass.</summary>
    public AlignedBuffer Maps { get; } = new();

    /// <summary>
    /// In how many groups a batch's gradients are summed. A layer with few weights and many pixels sums each picture separately.
    /// </summary>
    public int GroupsFor(int pictures) => HasFewWeights ? pictures : 1;

    /// <summary>The number of input channels.</summary>
    protected int Inputs { get; } = (int)source.Convolution.in_channels;

    protected int Stride { get; } = (int)source.Convolution.stride[0];

    /// <summary>The convolution's own weights, [outputs, inputs / groups · kernel²].</summary>
    protected float* Weights => Numbers(source.Convolution.weight!); // a convolution always has weights

    protected int WeightsOfOutput { get; } = (int)(source.Convolution.weight!.numel() / source.Convolution.out_channels);

    /// <summary>The batch norm's factors, [outputs].</summary>
    protected float* Factors => factors.First;

    /// <summary>The constant added to each channel, [outputs].</summary>
    protected float* Bias => constants.First;

    private bool HasFewWeights => SumsOfOutput * Outputs <= MostWeightsOfFew;

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

    /// <summary>Computes the result.</summary>
    /// <param name="input">[pictures, edge, edge, inputs].</param>
    /// <param name="output">[pictures, E, E, outputs], written.</param>
    /// <param name="plus">Added to the result if not null; has the result's layout.</param>
    public void Forward(ThreadTeam team, float* input, float* output, int pictures, int edge, float* plus)
    {
        if (!Learns)
        {
            Convolve(team, input, output, pictures, edge, plus, HasRelu6);
            return;
        }

        var rows = EdgeFor(edge) * EdgeFor(edge);
        nint taken = edge * edge * Inputs, given = rows * Outputs;
        var before = raw.For(pictures * given);
        normalisation.Begin(pictures, Numbers(source.Norm.RunningMean));
        if (!HasFewWeights)
        {
            Convolve(team, input, before, pictures, edge, null, relu6: false);
        }

        team.Run(pictures, (picture, _) =>
        {
            if (HasFewWeights)
            {
                Convolve(ThreadTeam.Alone, input + (picture * taken), before + (picture * given), 1, edge, null, relu6: false);
            }

            normalisation.Add(picture, before + (picture * given), rows);
        });
        normalisation.Settle(pictures * rows, Numbers(source.Norm.Weight), Numbers(source.Norm.Bias), BatchNormLayer.Epsilon);
        source.Norm.Follow(normalisation.Mean, normalisation.Variance, pictures * rows);
        team.Run(pictures, (picture, _) => normalisation.Apply(
            before + (picture * given), output + (picture * given), rows, plus is null ? null : plus + (picture * given), HasRelu6));
    }

    /// <summary>Allocates memory for the gradient sums.</summary>
    public GradientSums SumsFor(int groups) => new(
        sums.For((long)groups * SumsOfOutput * Outputs), sumsOfConstants.For((long)groups * Outputs), groups, SumsOfOutput * Outputs,
        Outputs);

    /// <summary>Computes the gradients of the input, and sums the gradients of the weights.</summary>
    /// <param name="into">Written: the sums for <see cref="AddGradients"/>.</param>
    /// <param name="gradients">Gradients of the result before its ReLU6.</param>
    /// <param name="input">The same as for <see cref="Forward"/>.</param>
    /// <param name="inputHasRelu6">True when the input is the result of a ReLU6; the gradients are then those before it.</param>
    /// <param name="result">The input's gradients, written; null when they aren't needed.</param>
    /// <param name="plus">Added to the input's gradients if not null.</param>
    public void Backward(
        ThreadTeam team, GradientSums into, float* gradients, float* input, bool inputHasRelu6, float* result, int pictures, int edge,
        float* plus)
    {
        if (!Learns)
        {
            Gradients(team, into, gradients, input, inputHasRelu6, result, pictures, edge, plus);
            return;
        }

        var norm = source.Norm;
        var rows = EdgeFor(edge) * EdgeFor(edge);
        nint taken = edge * edge * Inputs, given = rows * Outputs;
        var before = raw.First;
        team.Run(pictures, (picture, _) =>
            normalisation.AddGradients(picture, gradients + (picture * given), before + (picture * given), rows));
        normalisation.SettleGradients(
            pictures * rows, Numbers(norm.Weight), BatchNormLayer.Epsilon,
            Numbers(norm.Weight.grad!), Numbers(norm.Bias.grad!)); // FlatParameters allocated these gradients
        team.Run(pictures, (picture, _) =>
        {
            var own = HasFewWeights ? (ofThread ??= new AlignedBuffer()).For(given) : before + (picture * given);
            normalisation.ApplyGradients(gradients + (picture * given), before + (picture * given), own, rows);
            if (HasFewWeights)
            {
                Gradients(
                    ThreadTeam.Alone, into.Only(picture), own, input + (picture * taken), inputHasRelu6,
                    result is null ? null : result + (picture * taken), 1, edge,
                    plus is null ? null : plus + (picture * taken));
            }
        });
        if (!HasFewWeights)
        {
            Gradients(team, into, before, input, inputHasRelu6, result, pictures, edge, plus);
        }
    }

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
        foreach (var buffer in new[] { factors, constants, sums, sumsOfConstants, raw, Maps })
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
    protected abstract void Convolve(ThreadTeam team, float* input, float* output, int pictures, int edge, float* plus, bool relu6);

    /// <summary>
    /// Computes the input's gradients dY ∗ wᵀ + plus, which are 0 where the input's ReLU6 clamped, and sums dY · x for each weight, and dY.
    /// </summary>
    protected abstract void Gradients(
        ThreadTeam team, GradientSums into, float* gradients, float* input, bool inputHasRelu6, float* result, int pictures, int edge,
        float* plus);
}
