using System.Runtime.InteropServices;
using TorchSharp.Modules;
using Trainer.Core.Kernels;
using static TorchSharp.torch;

namespace Trainer.Core.Networks.Passes;

/// <summary>The maps of MobileNetV2 and what is read off them, forward and backward, by our own kernels.</summary>
/// <remarks>
/// The first layers have large maps and few weights: one picture goes through all of them on one thread, so that its maps
/// stay near the processor. The others have small maps and many weights: a whole batch goes through one after the other. Where batch norms
/// learn, which takes the whole batch, all layers are like that.
/// </remarks>
internal sealed unsafe class FastFeatures : IDisposable
{
    private const int LayersOfLargeMaps = 20; // to 16x16 of 128x128

    private readonly ThreadTeam team;
    private readonly IMapReader reader;
    private readonly FastChain chain;
    private readonly FlowingMaps[] ofThreads;
    private readonly FlowingMaps ofBatch = new();
    private readonly AlignedBuffer pixels = new();
    private int pictures;

    public FastFeatures(Sequential features, FeatureKind kind, int threads)
        : this(features, kind == FeatureKind.Pooled ? new PoolReader() : new DepthReader(), threads)
    {
    }

    /// <param name="reader">Says what is read off the maps.</param>
    public FastFeatures(Sequential features, IMapReader reader, int threads)
    {
        team = new ThreadTeam(threads);
        ofThreads = [.. Enumerable.Range(0, threads).Select(_ => new FlowingMaps())];
        this.reader = reader;
        chain = new FastChain(features, reader);
    }

    private int LayersAlone => chain.Learns ? 0 : LayersOfLargeMaps;

    /// <summary>Pictures [N, 3, E, E] to what is read off their maps: [N, 1280], or the statistics [N, 1888] of a <see cref="Descriptor"/>.</summary>
    /// <param name="keeps">True when a backward pass will follow: all results are kept for it.</param>
    public Tensor Forward(Tensor images, bool keeps)
    {
        using var scope = NewDisposeScope();
        var contiguous = images.permute(0, 2, 3, 1).contiguous(); // [N, E, E, 3]; no copy where they lie so
        pictures = (int)contiguous.shape[0];
        var first = keeps ? Kept(contiguous) : FastConvolution.Numbers(contiguous);
        team.Run(chain.Length, (i, _) => chain.Convolutions[^(i + 1)].Load(keeps)); // the last are the largest
        chain.Prepare(first, pictures, (int)contiguous.shape[1], keeps, LayersAlone);

        if (LayersAlone > 0)
        {
            team.Run(pictures, (picture, thread) => chain.Forward(ThreadTeam.Alone, 0, LayersAlone, picture, 1, keeps, ofThreads[thread]));
        }

        chain.Forward(team, LayersAlone, chain.Length, 0, pictures, keeps, ofBatch);
        var statistics = empty(pictures, reader.Size);
        new ReadOnlySpan<float>(chain.Statistics, pictures * reader.Size).CopyTo(MemoryMarshal.Cast<byte, float>(statistics.bytes));
        return statistics.MoveToOuterDisposeScope();
    }

    /// <summary>Adds the gradients of all weights to theirs.</summary>
    /// <param name="gradients">Of what <see cref="Forward"/> gave last.</param>
    public void Backward(Tensor gradients)
    {
        using var scope = NewDisposeScope();
        var sums = chain.Convolutions.Select((convolution, i) => convolution.SumsFor(i < LayersAlone ? pictures : convolution.GroupsFor(pictures))).ToArray();
        var ofStatistics = FastConvolution.Numbers(gradients.contiguous());
        var flow = ofBatch.Next(pictures * chain.LastSize);
        new Span<float>(flow, (int)(pictures * chain.LastSize)).Clear(); // nothing is behind the last layer
        flow = chain.Backward(team, sums, LayersAlone, chain.Length, ofStatistics, flow, 0, pictures, ofBatch);
        if (LayersAlone > 0)
        {
            team.Run(pictures, (picture, thread) => chain.Backward(
                ThreadTeam.Alone, [.. sums[..LayersAlone].Select(all => all.Only(picture))], 0, LayersAlone, ofStatistics, flow, picture, 1, ofThreads[thread]));
        }

        for (var i = 0; i < sums.Length; i++)
        {
            chain.Convolutions[i].AddGradients(team, sums[i]);
        }
    }

    /// <summary>A copy that outlives the tensor: the backward pass reads the pictures again.</summary>
    private float* Kept(Tensor images)
    {
        var count = (int)images.numel();
        MemoryMarshal.Cast<byte, float>(images.bytes).CopyTo(new Span<float>(pixels.For(count), count));
        return pixels.First;
    }

    public void Dispose()
    {
        team.Dispose();
        chain.Dispose();
        pixels.Dispose();
        ofBatch.Dispose();
        foreach (var maps in ofThreads)
        {
            maps.Dispose();
        }
    }
}
