using System.Runtime.InteropServices;
using TorchSharp.Modules;
using Trainer.Core.Kernels;
using Trainer.Core.Networks.Passes.Learning;
using static TorchSharp.torch;

namespace Trainer.Core.Networks.Passes;

/// <summary>Computes MobileNetV2's feature maps and their statistics, forward and backward, by trainer's own kernels.</summary>
/// <remarks>
/// The first layers have large feature maps and few weights: each picture goes through all of them on one thread, so that its maps stay in
/// the cache. The other layers have small feature maps and many weights: the whole batch goes through one layer after the other. If the
/// batch norms use the batch's statistics, they need the whole batch, so all layers work this way.
/// </remarks>
internal sealed unsafe class FastFeatures : IDisposable
{
    private const int LayersOfLargeMaps = 20; // up to the 16x16 feature maps of a 128x128 input

    private readonly ThreadTeam team;
    private readonly IMapReader reader;
    private readonly ChainLayout layout;
    private readonly MapStatistics statistics;
    private readonly FastChain chain;
    private readonly LearningChain learning;
    private readonly FlowingMaps[] ofThreads;
    private readonly FlowingMaps ofBatch = new();
    private readonly AlignedBuffer pixels = new();
    private int pictures;

    public FastFeatures(Sequential features, FeatureKind kind, int threads)
        : this(features, kind == FeatureKind.Pooled ? new PoolReader() : new DepthReader(), threads)
    {
    }

    /// <param name="reader">Computes the statistics of the feature maps.</param>
    public FastFeatures(Sequential features, IMapReader reader, int threads)
    {
        team = new ThreadTeam(threads);
        ofThreads = [.. Enumerable.Range(0, threads).Select(_ => new FlowingMaps())];
        this.reader = reader;
        layout = new ChainLayout(features, reader);
        statistics = new MapStatistics(layout, reader);
        chain = new FastChain(layout, statistics);
        learning = new LearningChain(layout, statistics, threads);
    }

    /// <summary>Computes pictures' statistics: pooled means [N, 1280], or the statistics [N, 1888] of a <see cref="Descriptor"/>.</summary>
    /// <param name="images">Normalised pixels, [N, 3, E, E].</param>
    /// <param name="keeps">True to keep all results for a backward pass.</param>
    public Tensor Forward(Tensor images, bool keeps)
    {
        using var scope = NewDisposeScope();
        var contiguous = images.permute(0, 2, 3, 1).contiguous(); // [N, E, E, 3]; no copy if the strides are channels-last
        pictures = (int)contiguous.shape[0];
        var first = keeps ? Kept(contiguous) : FastConvolution.Numbers(contiguous);
        team.Run(layout.Length, (i, _) => layout.Convolutions[^(i + 1)].Load(keeps)); // starts with the last, the largest ones
        layout.Resize((int)contiguous.shape[1]);
        statistics.Prepare(pictures);
        if (layout.Learns)
        {
            learning.Forward(team, first, pictures);
        }
        else
        {
            Forward(first, keeps);
        }

        var result = empty(pictures, reader.Size);
        new ReadOnlySpan<float>(statistics.Values, pictures * reader.Size).CopyTo(MemoryMarshal.Cast<byte, float>(result.bytes));
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>Adds the gradients of all weights to the parameters' gradients.</summary>
    /// <param name="gradients">Gradients of the statistics that <see cref="Forward(Tensor, bool)"/> returned last.</param>
    public void Backward(Tensor gradients)
    {
        using var scope = NewDisposeScope();
        var sums = layout.Convolutions.Select((convolution, i) => convolution.SumsFor(
            i < LayersOfLargeMaps && !layout.Learns ? pictures : convolution.GroupsFor(pictures))).ToArray();
        var ofStatistics = FastConvolution.Numbers(gradients.contiguous());
        var size = pictures * layout.Size(layout.Length);
        var flow = ofBatch.Next(size);
        new Span<float>(flow, (int)size).Clear(); // no layer follows the last one
        if (layout.Learns)
        {
            learning.Backward(team, sums, ofStatistics, flow, pictures, ofBatch);
        }
        else
        {
            Backward(sums, ofStatistics, flow);
        }

        for (var i = 0; i < sums.Length; i++)
        {
            layout.Convolutions[i].AddGradients(team, sums[i]);
        }
    }

    private void Forward(float* images, bool keeps)
    {
        chain.Prepare(images, pictures, keeps, LayersOfLargeMaps);
        team.Run(
            pictures, (picture, thread) => chain.Forward(ThreadTeam.Alone, 0, LayersOfLargeMaps, picture, 1, keeps, ofThreads[thread]));
        chain.Forward(team, LayersOfLargeMaps, layout.Length, 0, pictures, keeps, ofBatch);
    }

    private void Backward(GradientSums[] sums, float* ofStatistics, float* flow)
    {
        var ofLarge = chain.Backward(team, sums, LayersOfLargeMaps, layout.Length, ofStatistics, flow, 0, pictures, ofBatch);
        team.Run(pictures, (picture, thread) => chain.Backward(
            ThreadTeam.Alone, [.. sums[..LayersOfLargeMaps].Select(all => all.Only(picture))], 0, LayersOfLargeMaps, ofStatistics, ofLarge,
            picture, 1, ofThreads[thread]));
    }

    /// <summary>Copies the pictures, because the backward pass reads them after the tensor is gone.</summary>
    private float* Kept(Tensor images)
    {
        var count = (int)images.numel();
        MemoryMarshal.Cast<byte, float>(images.bytes).CopyTo(new Span<float>(pixels.For(count), count));
        return pixels.First;
    }

    public void Dispose()
    {
        team.Dispose();
        learning.Dispose();
        statistics.Dispose();
        layout.Dispose();
        pixels.Dispose();
        ofBatch.Dispose();
        foreach (var maps in ofThreads)
        {
            maps.Dispose();
        }
    }
}
