using TorchSharp;
using static TorchSharp.torch;

namespace Trainer.Core.Optimizing;

/// <summary>Weights part of the way from where they started to where training has taken them.</summary>
/// <remarks>
/// A short training on one subject learns what tells its photos apart, and forgets a little of what the start weights knew; between both lies a network that has more of
/// each (Wortsman et al. 2022, WiSE-FT, <see href="https://arxiv.org/abs/2109.01903"/>).
/// </remarks>
internal sealed class WeightBlend : IDisposable
{
    private readonly Tensor live;
    private readonly Tensor start;
    private readonly Tensor kept; // the live weights while the blend is in use
    private readonly double share;

    /// <summary>Starts from the weights as they are.</summary>
    /// <param name="live">What training changes, [P]; not disposed here.</param>
    /// <param name="share">0 (the start weights) to 1 (the trained ones).</param>
    public WeightBlend(Tensor live, double share)
    {
        ArgumentNullException.ThrowIfNull(live);
        using var _ = no_grad();
        this.live = live;
        this.share = share;
        start = live.detach().clone().DetachFromDisposeScope();
        kept = live.detach().clone().DetachFromDisposeScope();
    }

    /// <summary>What a resume needs beside the weights in the network: the start weights, and while the blend is in use the live ones.</summary>
    public IReadOnlyList<Tensor> State => share == 1 ? [] : [start, kept];

    /// <summary>Puts the blend into the network, and the live weights back when the result is disposed.</summary>
    public IDisposable Use()
    {
        if (share == 1)
        {
            return new Back(null);
        }

        using var _ = no_grad();
        using Scalar way = share, back = 1 - share;
        kept.copy_(live);
        live.mul_(way).add_(start, back);
        return new Back(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        start.Dispose();
        kept.Dispose();
    }

    private sealed class Back(WeightBlend? blend) : IDisposable
    {
        private WeightBlend? blend = blend;

        public void Dispose()
        {
            if (blend is not null)
            {
                using var _ = no_grad();
                blend.live.copy_(blend.kept);
                blend = null;
            }
        }
    }
}
