using TorchSharp;
using Trainer.Core.Imaging;
using Trainer.Core.Networks;
using Trainer.Core.Networks.Passes;
using static TorchSharp.torch;

namespace Pretraining;

/// <summary>The error of a student's maps against its teacher's, for pictures of one size, and its gradients.</summary>
/// <remarks>
/// Each block's map is compared place by place (Romero et al. 2014, FitNets, <see href="https://arxiv.org/abs/1412.6550"/>, with a hint at
/// every block and no regressor, since both have the same channels). A channel is weighted by its variance in the teacher. A worsened
/// picture is compared with the teacher's maps of the clean picture, but only in the deep blocks, because the shallow ones can't know the
/// clean picture.
/// </remarks>
internal sealed class Distillation : IDisposable
{
    private const int FirstDeepBlock = 8;
    private const double LeastVariance = 0.01; // share of the block's mean variance

    private static readonly Scalar One = 1; // held in a field: docs/decisions/0006

    private readonly MapReader reader;
    private readonly FastFeatures student;
    private readonly FastFeatures teacher;
    private readonly Tensor scales;      // [S]: 1 / (blocks · numbers of the block · variance of the channel)
    private readonly Tensor deep;        // [S]: 1 for numbers that are compared for a worsened picture

    public Distillation(EmbeddingNetwork student, EmbeddingNetwork teacher, int edge, int threads, byte[][] examples)
    {
        reader = new MapReader(student.Features, edge);
        this.student = new FastFeatures(student.Features, reader, threads);
        this.teacher = new FastFeatures(teacher.Features, reader, threads);
        scales = Scales(examples);
        deep = cat([.. reader.Maps.Select(map => full(map.Size, map.Block >= FirstDeepBlock ? 1f : 0f))]);
    }

    /// <summary>Adds the gradients of a step to the student's.</summary>
    /// <param name="clean">N pictures of E · E · 3 bytes.</param>
    /// <param name="shown">The same pictures, some of them worsened.</param>
    /// <param name="isWorsened">Which pictures are worsened.</param>
    /// <returns>
    /// The mean share of the teacher's variance that the student misses, over blocks; 1 for a student that always gives the mean.
    /// </returns>
    public float Step(byte[][] clean, byte[][] shown, bool[] isWorsened)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var wanted = teacher.Forward(Images(clean), keeps: false);                  // [N, S]
        var rest = student.Forward(Images(shown), keeps: true).sub_(wanted);        // [N, S]
        var weighted = rest.mul(scales);
        using Scalar factor = 2.0 / clean.Length;
        for (var i = 0; i < clean.Length; i++)
        {
            if (isWorsened[i])
            {
                weighted[i].mul_(deep);
            }
        }

        var loss = weighted.mul(rest).sum().item<float>() / clean.Length;
        student.Backward(weighted.mul_(factor));
        return loss;
    }

    /// <summary>Gives each block of a student with random weights the same mean and deviation per channel as in its teacher.</summary>
    public void Begin(EmbeddingNetwork student, byte[][] examples)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var said = teacher.Forward(Images(examples), keeps: false);
        var blocks = student.Features.children().ToArray();
        var before = said;
        foreach (var map in reader.Maps.Where(map => blocks[map.Block] is InvertedResidual))
        {
            var now = said.narrow(1, map.First, map.Size).reshape(-1, map.Channels);
            var branch = map.HasShortcut ? now.sub(before) : now; // the shortcut adds the block's input
            var norm = ((InvertedResidual)blocks[map.Block]).Convolutions.Last().Norm;
            norm.Weight.copy_(branch.std(0));
            norm.Bias.copy_(branch.mean([0L]));
            before = now;
        }
    }

    /// <summary>The share of the teacher's variance that the student misses, for each block.</summary>
    public float[] Missed(IEnumerable<byte[][]> batches)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (sums, count) = (zeros(reader.Size), 0);
        foreach (var batch in batches)
        {
            using var inner = NewDisposeScope();
            var rest = student.Forward(Images(batch), keeps: false).sub_(teacher.Forward(Images(batch), keeps: false));
            sums.add_(rest.mul(rest).mul_(scales).sum([0L]), One);
            count += batch.Length;
        }

        return [.. reader.Maps.Select(map => sums.narrow(0, map.First, map.Size).sum().item<float>() * reader.Maps.Count / count)];
    }

    public void Dispose()
    {
        student.Dispose();
        teacher.Dispose();
        scales.Dispose();
        deep.Dispose();
    }

    private static Tensor Images(byte[][] pictures)
    {
        var edge = (int)Math.Sqrt(pictures[0].Length / 3);
        var pixels = pictures.SelectMany(picture => picture).ToArray();
        var values = new float[pixels.Length];
        Preprocessing.Normalise(pixels, values);
        return tensor(values, [pictures.Length, edge, edge, 3]).permute(0, 3, 1, 2);
    }

    private Tensor Scales(byte[][] examples)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using Scalar least = LeastVariance;
        var said = teacher.Forward(Images(examples), keeps: false);
        return cat([.. reader.Maps.Select(map =>
        {
            var variance = said.narrow(1, map.First, map.Size).reshape(-1, map.Channels).var(0, unbiased: false); // [C]
            using Scalar blocks = reader.Maps.Count * (double)map.Size;
            return variance.add_(variance.mean().mul(least), One).mul_(blocks).reciprocal_().repeat(map.Places);
        })]).MoveToOuterDisposeScope();
    }
}
