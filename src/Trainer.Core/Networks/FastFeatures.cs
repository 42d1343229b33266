using System.Runtime.InteropServices;
using TorchSharp.Modules;
using Trainer.Core.Kernels;
using static TorchSharp.torch;

namespace Trainer.Core.Networks;

/// <summary>The features of MobileNetV2 and the mean over their places, forward and backward, by our own kernels.</summary>
/// <remarks>
/// The first layers have large maps and few weights: one picture goes through all of them on one thread, so that its maps
/// stay near the processor. The others have small maps and many weights: a whole batch goes through one after the other. Where batch norms
/// learn, which takes the whole batch, all layers are like that.
/// </remarks>
internal sealed unsafe class FastFeatures : IDisposable
{
    private const int LayersOfLargeMaps = 20; // to 16x16 of 128x128

    private readonly Team team;
    private readonly FastChain chain;
    private readonly FlowingMaps[] ofThreads;
    private readonly FlowingMaps ofBatch = new();
    private readonly Row pixels = new();
    private int pictures;

    public FastFeatures(Sequential features, int threads)
    {
        team = new Team(threads);
        ofThreads = [.. Enumerable.Range(0, threads).Select(_ => new FlowingMaps())];
        chain = new FastChain(features);
    }

    private int LayersAlone => chain.Learns ? 0 : LayersOfLargeMaps;

    /// <summary>Pictures [N, 3, E, E] to features [N, 1280].</summary>
    /// <param name="keeps">True when a backward pass will follow: all results are kept for it.</param>
    public Tensor Forward(Tensor images, bool keeps)
    {
        using var scope = NewDisposeScope();
        var maps = Maps(images, keeps);
        var features = empty(pictures, MobileNetV2.Channels);
        Pooling.Forward(team, maps, FastConvolution.Numbers(features), pictures, chain.Places, MobileNetV2.Channels);
        return features.MoveToOuterDisposeScope();
    }

    /// <summary>Pictures [N, 3, E, E] to the numbers of each place, of which the features are the mean: [N, (E/32)², 1280].</summary>
    public Tensor ForwardToPlaces(Tensor images)
    {
        using var scope = NewDisposeScope();
        var maps = Maps(images, keeps: false);
        var places = empty(pictures, chain.Places, MobileNetV2.Channels);
        var count = (int)places.numel();
        new Span<float>(maps, count).CopyTo(new Span<float>(FastConvolution.Numbers(places), count));
        return places.MoveToOuterDisposeScope();
    }

    /// <summary>Adds the gradients of all weights to theirs.</summary>
    /// <param name="gradients">Of what <see cref="Forward"/> gave last, [N, 1280].</param>
    public void Backward(Tensor gradients)
    {
        using var scope = NewDisposeScope();
        var sums = chain.Convolutions.Select((convolution, i) => convolution.SumsFor(i < LayersAlone ? pictures : convolution.GroupsFor(pictures))).ToArray();
        var flow = ofBatch.Next((long)pictures * chain.Places * MobileNetV2.Channels);
        Pooling.Backward(team, FastConvolution.Numbers(gradients.contiguous()), chain.Convolutions[^1].Maps.First, flow, pictures, chain.Places, MobileNetV2.Channels);
        flow = chain.Backward(team, sums, LayersAlone, chain.Length, flow, 0, pictures, ofBatch);
        if (LayersAlone > 0)
        {
            team.Run(pictures, (picture, thread) => chain.Backward(
                Team.Alone, [.. sums[..LayersAlone].Select(all => all.Only(picture))], 0, LayersAlone, flow, picture, 1, ofThreads[thread]));
        }

        for (var i = 0; i < sums.Length; i++)
        {
            chain.Convolutions[i].AddGradients(team, sums[i]);
        }
    }

    /// <returns>What the last layer gives, [N, E/32, E/32, 1280]; good until the next call.</returns>
    private float* Maps(Tensor images, bool keeps)
    {
        var contiguous = images.permute(0, 2, 3, 1).contiguous(); // [N, E, E, 3]; no copy where they lie so
        pictures = (int)contiguous.shape[0];
        var first = keeps ? Kept(contiguous) : FastConvolution.Numbers(contiguous);
        team.Run(chain.Length, (i, _) => chain.Convolutions[^(i + 1)].Load(keeps)); // the last are the largest
        chain.Prepare(first, pictures, (int)contiguous.shape[1], keeps, LayersAlone);

        if (LayersAlone > 0)
        {
            team.Run(pictures, (picture, thread) => chain.Forward(Team.Alone, 0, LayersAlone, picture, 1, keeps, ofThreads[thread]));
        }

        return chain.Forward(team, LayersAlone, chain.Length, 0, pictures, keeps, ofBatch);
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
